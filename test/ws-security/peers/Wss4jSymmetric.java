import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.ws.security.WSConstants;
import org.apache.ws.security.WSEncryptionPart;
import org.apache.ws.security.WSPasswordCallback;
import org.apache.ws.security.WSSConfig;
import org.apache.ws.security.WSSecurityEngine;
import org.apache.ws.security.WSSecurityEngineResult;
import org.apache.ws.security.components.crypto.Merlin;
import org.apache.ws.security.conversation.ConversationConstants;
import org.apache.ws.security.handler.RequestData;
import org.apache.ws.security.message.WSSecDKEncrypt;
import org.apache.ws.security.message.WSSecDKSign;
import org.apache.ws.security.message.WSSecDerivedKeyBase;
import org.apache.ws.security.message.WSSecEncrypt;
import org.apache.ws.security.message.WSSecHeader;
import org.apache.ws.security.message.WSSecSignature;
import org.apache.ws.security.message.WSSecSignatureConfirmation;
import org.apache.ws.security.message.WSSecTimestamp;
import org.apache.ws.security.message.token.SecurityTokenReference;
import org.apache.ws.security.util.WSSecurityUtil;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * Apache WSS4J as a service with a symmetric binding. `JOBS OWN.p12 TRUST.pem`, where each line of JOBS is
 *
 * <pre>
 * REQUEST RESPONSE OUT CIPHER SIGNATURE DIGEST OPTIONS
 * </pre>
 *
 * It reads REQUEST, prints what was done, and writes RESPONSE to OUT, signed with the key of the request, which it names by
 * EncryptedKeySHA1. OPTIONS, with commas between: `derived` or `derived2005`, `encrypt`, `confirm`, `encrypt-first`,
 * `encrypt-signature`.
 */
public class Wss4jSymmetric {
  private static Merlin own;
  private static Merlin trust;

  public static void main(String[] args) throws Exception {
    WSSConfig.init();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (FileInputStream in = new FileInputStream(args[1])) {
      keys.load(in, "changeit".toCharArray());
    }
    KeyStore known = KeyStore.getInstance(KeyStore.getDefaultType());
    known.load(null, null);
    try (FileInputStream in = new FileInputStream(args[2])) {
      int i = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        known.setCertificateEntry("trust" + i++, each);
      }
    }
    own = new Merlin();
    own.setKeyStore(keys);
    trust = new Merlin();
    trust.setKeyStore(known);
    trust.setTrustStore(known);
    for (String line : Files.readAllLines(Paths.get(args[0]))) {
      String verdict;
      try {
        verdict = serve(line.split(" "));
      } catch (Exception e) {
        verdict = "refused: " + e;
      }
      System.out.println(verdict.replace('\n', ' '));
    }
  }

  private static String serve(String[] job) throws Exception {
    CallbackHandler passwords = callbacks -> {
      for (Callback each : callbacks) ((WSPasswordCallback) each).setPassword("changeit");
    };
    RequestData data = new RequestData();
    data.setWssConfig(WSSConfig.getNewInstance());
    data.setSigCrypto(trust);
    data.setDecCrypto(own);
    data.setCallbackHandler(passwords);
    List<WSSecurityEngineResult> results =
        new WSSecurityEngine().processSecurityHeader(WSSecurityUtil.getSecurityHeader(parse(job[0]), null), data);
    List<String> done = new ArrayList<>();
    List<byte[]> signatures = new ArrayList<>();
    byte[] key = null;
    byte[] encrypted = null;
    for (WSSecurityEngineResult each : results) {
      int action = (Integer) each.get(WSSecurityEngineResult.TAG_ACTION);
      List<?> references = (List<?>) each.get(WSSecurityEngineResult.TAG_DATA_REF_URIS);
      int count = references == null ? 0 : references.size();
      if (action == WSConstants.SIGN) {
        boolean isCertificate = each.get(WSSecurityEngineResult.TAG_X509_CERTIFICATE) != null;
        done.add((isCertificate ? "endorsement of " : "signature of ") + count);
        signatures.add((byte[]) each.get(WSSecurityEngineResult.TAG_SIGNATURE_VALUE));
      }
      if (action == WSConstants.ENCR) {
        if (each.get(WSSecurityEngineResult.TAG_ENCRYPTED_EPHEMERAL_KEY) != null) {
          key = (byte[]) each.get(WSSecurityEngineResult.TAG_SECRET);
          encrypted = (byte[]) each.get(WSSecurityEngineResult.TAG_ENCRYPTED_EPHEMERAL_KEY);
        }
        if (count > 0) done.add("encryption of " + count);
      }
      if (action == WSConstants.DKT) done.add("derived key");
      if (action == WSConstants.UT) done.add("user");
      if (action == WSConstants.TS) done.add("timestamp");
    }
    done.sort(null);
    answer(job, key, Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(encrypted)), signatures);
    return String.join(", ", done);
  }

  private static void answer(String[] job, byte[] key, String name, List<byte[]> signatures) throws Exception {
    List<String> options = Arrays.asList(job[6].split(","));
    Document document = parse(job[1]);
    String soap = document.getDocumentElement().getNamespaceURI();
    WSSecHeader header = new WSSecHeader();
    header.insertSecurityHeader(document);
    new WSSecTimestamp().build(document, header);
    List<WSEncryptionPart> signed = new ArrayList<>();
    signed.add(new WSEncryptionPart("Body", soap, ""));
    signed.add(new WSEncryptionPart("Timestamp", WSConstants.WSU_NS, ""));
    if (options.contains("confirm")) {
      for (byte[] value : signatures) {
        WSSecSignatureConfirmation confirmation = new WSSecSignatureConfirmation();
        confirmation.setSignatureValue(value);
        confirmation.build(document, value, header);
        signed.add(new WSEncryptionPart(confirmation.getId()));
      }
    }
    boolean isEncrypted = options.contains("encrypt");
    if (isEncrypted && options.contains("encrypt-first")) encrypt(document, header, job, options, key, name, null);
    String signature = sign(document, header, job, options, key, name, signed);
    if (isEncrypted && !options.contains("encrypt-first")) {
      encrypt(document, header, job, options, key, name, options.contains("encrypt-signature") ? signature : null);
    }
    try (OutputStream out = new FileOutputStream(job[2])) {
      TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(out));
    }
  }

  private static String sign(
      Document document, WSSecHeader header, String[] job, List<String> options, byte[] key, String name, List<WSEncryptionPart> parts)
      throws Exception {
    if (isDerived(options)) {
      WSSecDKSign signature = new WSSecDKSign();
      derived(signature, document, options, key, name);
      signature.setSignatureAlgorithm(job[4]);
      signature.setDigestAlgorithm(job[5]);
      signature.setParts(parts);
      signature.build(document, header);
      return signature.getSignatureId();
    }
    WSSecSignature signature = new WSSecSignature();
    signature.setKeyIdentifierType(WSConstants.ENCRYPTED_KEY_SHA1_IDENTIFIER);
    signature.setEncrKeySha1value(name);
    signature.setSecretKey(key);
    signature.setSignatureAlgorithm(job[4]);
    signature.setDigestAlgo(job[5]);
    signature.setParts(parts);
    signature.build(document, null, header);
    return signature.getId();
  }

  private static void encrypt(
      Document document, WSSecHeader header, String[] job, List<String> options, byte[] key, String name, String signature)
      throws Exception {
    List<WSEncryptionPart> parts = new ArrayList<>();
    parts.add(new WSEncryptionPart("Body", document.getDocumentElement().getNamespaceURI(), "Content"));
    if (signature != null) parts.add(new WSEncryptionPart(signature, "Element"));
    if (isDerived(options)) {
      WSSecDKEncrypt encryption = new WSSecDKEncrypt();
      derived(encryption, document, options, key, name);
      encryption.setSymmetricEncAlgorithm(job[3]);
      encryption.setParts(parts);
      encryption.build(document, header);
      return;
    }
    WSSecEncrypt encryption = new WSSecEncrypt();
    encryption.setKeyIdentifierType(WSConstants.ENCRYPTED_KEY_SHA1_IDENTIFIER);
    encryption.setCustomReferenceValue(name);
    encryption.setEphemeralKey(key);
    encryption.setEncryptSymmKey(false);
    encryption.setSymmetricEncAlgorithm(job[3]);
    encryption.setParts(parts);
    encryption.build(document, own, header);
  }

  private static boolean isDerived(List<String> options) {
    return options.contains("derived") || options.contains("derived2005");
  }

  private static void derived(WSSecDerivedKeyBase base, Document document, List<String> options, byte[] key, String name)
      throws Exception {
    SecurityTokenReference reference = new SecurityTokenReference(document);
    reference.setKeyIdentifierEncKeySHA1(name);
    reference.addTokenType(WSConstants.WSS_ENC_KEY_VALUE_TYPE);
    Element element = reference.getElement();
    base.setExternalKey(key, element);
    base.setWscVersion(
        options.contains("derived") ? ConversationConstants.VERSION_05_12 : ConversationConstants.VERSION_05_02);
  }

  private static Document parse(String file) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    return factory.newDocumentBuilder().parse(new File(file));
  }
}

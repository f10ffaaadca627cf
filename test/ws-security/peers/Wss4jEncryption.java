import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.apache.ws.security.handler.RequestData;
import org.apache.ws.security.message.WSSecEncrypt;
import org.apache.ws.security.message.WSSecHeader;
import org.apache.ws.security.message.WSSecSignature;
import org.apache.ws.security.message.WSSecTimestamp;
import org.apache.ws.security.util.WSSecurityUtil;
import org.w3c.dom.Document;

/**
 * Encryption of Apache WSS4J on either side. `JOBS OWN.p12 TRUST.pem`, where each line of JOBS is one of
 *
 * <pre>
 * read IN OUT                                 decrypts and verifies with OWN and TRUST, and prints what was done
 * write ORDER REFERENCE CIPHER TRANSPORT PARTS IN OUT   signs as OWN and encrypts for the second certificate of TRUST
 * </pre>
 *
 * Each job prints one line.
 */
public class Wss4jEncryption {
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
      String[] job = line.split(" ");
      String verdict;
      try {
        verdict = job[0].equals("read") ? read(job[1], job[2]) : write(job);
      } catch (Exception e) {
        verdict = "refused: " + e;
      }
      System.out.println(verdict.replace('\n', ' '));
    }
  }

  private static String read(String in, String out) throws Exception {
    CallbackHandler passwords = callbacks -> {
      for (Callback each : callbacks) ((WSPasswordCallback) each).setPassword("changeit");
    };
    Document document = parse(in);
    RequestData data = new RequestData();
    data.setWssConfig(WSSConfig.getNewInstance());
    data.setSigCrypto(trust);
    data.setDecCrypto(own);
    data.setCallbackHandler(passwords);
    List<WSSecurityEngineResult> results =
        new WSSecurityEngine().processSecurityHeader(WSSecurityUtil.getSecurityHeader(document, null), data);
    List<String> done = new ArrayList<>();
    for (WSSecurityEngineResult each : results) {
      int action = (Integer) each.get(WSSecurityEngineResult.TAG_ACTION);
      List<?> references = (List<?>) each.get(WSSecurityEngineResult.TAG_DATA_REF_URIS);
      int count = references == null ? 0 : references.size();
      if (action == WSConstants.SIGN) done.add("signature of " + count);
      if (action == WSConstants.ENCR) done.add("encryption of " + count);
      if (action == WSConstants.UT) done.add("user");
      if (action == WSConstants.TS) done.add("timestamp");
      if (action == WSConstants.ST_UNSIGNED) done.add("assertion");
    }
    done.sort(null);
    save(document, out);
    return String.join(", ", done);
  }

  private static String write(String[] job) throws Exception {
    Document document = parse(job[6]);
    String soap = document.getDocumentElement().getNamespaceURI();
    WSSecHeader header = new WSSecHeader();
    header.insertSecurityHeader(document);
    new WSSecTimestamp().build(document, header);
    int reference = WSConstants.class.getField(job[2]).getInt(null);
    for (String step : job[1].split("-then-")) {
      if (step.equals("sign")) {
        WSSecSignature signature = new WSSecSignature();
        signature.setUserInfo(own.getKeyStore().aliases().nextElement(), "changeit");
        signature.setKeyIdentifierType(WSConstants.BST_DIRECT_REFERENCE);
        signature.setSignatureAlgorithm("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256");
        signature.setDigestAlgo("http://www.w3.org/2001/04/xmlenc#sha256");
        signature.setParts(
            Arrays.asList(
                new WSEncryptionPart("Body", soap, ""), new WSEncryptionPart("Timestamp", WSConstants.WSU_NS, "")));
        signature.build(document, own, header);
      } else {
        WSSecEncrypt encryption = new WSSecEncrypt();
        encryption.setUserInfo("trust1");
        encryption.setKeyIdentifierType(reference);
        encryption.setSymmetricEncAlgorithm(job[3]);
        encryption.setKeyEncAlgo(job[4]);
        List<WSEncryptionPart> parts = new ArrayList<>();
        for (String part : job[5].split(",")) {
          String[] name = part.split("\\|");
          parts.add(new WSEncryptionPart(name[0], name[1].equals("soap") ? soap : name[1], name[2]));
        }
        encryption.setParts(parts);
        encryption.build(document, trust, header);
      }
    }
    save(document, job[7]);
    return "written";
  }

  private static void save(Document document, String file) throws Exception {
    try (OutputStream out = new FileOutputStream(file)) {
      TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(out));
    }
  }

  private static Document parse(String file) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    return factory.newDocumentBuilder().parse(new File(file));
  }
}

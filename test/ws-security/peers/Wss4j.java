import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfoFactory;
import javax.xml.crypto.dsig.keyinfo.X509Data;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
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
import org.apache.ws.security.message.WSSecHeader;
import org.apache.ws.security.message.WSSecSignature;
import org.apache.ws.security.message.WSSecTimestamp;
import org.apache.ws.security.message.WSSecUsernameToken;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * Apache WSS4J on either side. `verify TRUST.pem PASSWORD MESSAGE…` says of each message what was done;
 * `sign KEYS.p12 REFERENCE ALGORITHM DIGEST IN OUT` signs Body and Timestamp, with
 * `REFERENCE+STR` the token too, with `REFERENCE+PATH` by the chain of the certificate; `saml ISSUER.p12 HOLDER.p12 VERSION IN OUT` signs them with the key that an assertion of SAML
 * 1.1 or 2.0 confirms, which the JDK signs; `password NAME PASSWORD ITERATIONS ALGORITHM DIGEST IN OUT` with a key that is made
 * of a password.
 */
public class Wss4j {
  public static void main(String[] args) throws Exception {
    if (args[0].equals("verify")) {
      for (int i = 3; i < args.length; i++) {
        String verdict;
        try {
          verdict = verify(args[1], args[2], args[i]);
        } catch (Exception e) {
          verdict = "refused: " + e.getMessage();
        }
        System.out.println(verdict.replace('\n', ' '));
      }
      return;
    }
    // Jobs one after the other: starting a virtual machine takes longer than all of them.
    for (int i = 0; i < args.length; ) {
      int count = args[i].equals("sign") ? 6 : args[i].equals("saml") ? 5 : 7;
      String[] job = Arrays.copyOfRange(args, i + 1, i + 1 + count);
      if (args[i].equals("sign")) sign(job);
      else if (args[i].equals("saml")) signByAssertion(job);
      else signByPassword(job);
      i += count + 1;
    }
  }

  private static String verify(String trustFile, String password, String messageFile) throws Exception {
    KeyStore trust = KeyStore.getInstance(KeyStore.getDefaultType());
    trust.load(null, null);
    try (FileInputStream in = new FileInputStream(trustFile)) {
      int i = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        trust.setCertificateEntry("trust" + i++, each);
      }
    }
    Merlin crypto = new Merlin();
    crypto.setKeyStore(trust);
    crypto.setTrustStore(trust);
    CallbackHandler passwords = callbacks -> {
      for (Callback each : callbacks) ((WSPasswordCallback) each).setPassword(password);
    };
    WSSConfig config = WSSConfig.getNewInstance();
    // Tokens whose password signs do not have it.
    config.setAllowUsernameTokenNoPassword(true);
    WSSecurityEngine engine = new WSSecurityEngine();
    engine.setWssConfig(config);
    List<WSSecurityEngineResult> results = engine.processSecurityHeader(parse(messageFile), null, passwords, crypto);
    List<String> done = new ArrayList<>();
    for (WSSecurityEngineResult each : results) {
      int action = (Integer) each.get(WSSecurityEngineResult.TAG_ACTION);
      if (action == WSConstants.SIGN) {
        done.add("signature of " + ((List<?>) each.get(WSSecurityEngineResult.TAG_DATA_REF_URIS)).size());
      }
      if (action == WSConstants.UT_SIGN) {
        done.add("signature by password of " + ((List<?>) each.get(WSSecurityEngineResult.TAG_DATA_REF_URIS)).size());
      }
      if (action == WSConstants.UT) done.add("user");
      if (action == WSConstants.UT_NOPASSWORD) done.add("user without password");
      if (action == WSConstants.TS) done.add("timestamp");
      if (action == WSConstants.ST_UNSIGNED) done.add("assertion");
    }
    done.sort(null);
    return String.join(", ", done);
  }

  private static void sign(String[] args) throws Exception {
    KeyStore keys = keys(args[0]);
    Merlin crypto = new Merlin();
    crypto.setKeyStore(keys);
    Document document = parse(args[4]);
    WSSecHeader header = new WSSecHeader();
    header.insertSecurityHeader(document);
    new WSSecTimestamp().build(document, header);
    WSSecSignature signature = new WSSecSignature();
    signature.setUserInfo(keys.aliases().nextElement(), "changeit");
    String[] reference = args[1].split("\\+");
    signature.setKeyIdentifierType(WSConstants.class.getField(reference[0]).getInt(null));
    signature.setSignatureAlgorithm(args[2]);
    signature.setDigestAlgo(args[3]);
    List<WSEncryptionPart> parts = new ArrayList<>();
    parts.add(new WSEncryptionPart("Body", document.getDocumentElement().getNamespaceURI(), ""));
    parts.add(new WSEncryptionPart("Timestamp", WSConstants.WSU_NS, ""));
    // The token itself, by the STR-Transform of the reference to it.
    List<String> more = Arrays.asList(reference).subList(1, reference.length);
    if (more.contains("STR")) parts.add(new WSEncryptionPart("STRTransform", "", ""));
    // The whole chain of the certificate, as X509PKIPathv1.
    if (more.contains("PATH")) signature.setUseSingleCertificate(false);
    signature.setParts(parts);
    signature.build(document, crypto, header);
    save(document, args[5]);
  }

  private static void signByPassword(String[] args) throws Exception {
    Document document = parse(args[5]);
    WSSecHeader header = new WSSecHeader();
    header.insertSecurityHeader(document);
    new WSSecTimestamp().build(document, header);
    WSSecUsernameToken token = new WSSecUsernameToken();
    token.setUserInfo(args[0], args[1]);
    token.addDerivedKey(true, null, Integer.parseInt(args[2]));
    token.prepare(document);
    WSSecSignature signature = new WSSecSignature();
    signature.setCustomTokenValueType(WSConstants.WSS_USERNAME_TOKEN_VALUE_TYPE);
    signature.setCustomTokenId(token.getId());
    signature.setSecretKey(token.getDerivedKey());
    signature.setKeyIdentifierType(WSConstants.CUSTOM_SYMM_SIGNING);
    signature.setSignatureAlgorithm(args[3]);
    signature.setDigestAlgo(args[4]);
    signature.setParts(
        Arrays.asList(
            new WSEncryptionPart("Body", document.getDocumentElement().getNamespaceURI(), ""),
            new WSEncryptionPart("Timestamp", WSConstants.WSU_NS, "")));
    signature.build(document, null, header);
    token.prependToHeader(header);
    save(document, args[6]);
  }

  private static void signByAssertion(String[] args) throws Exception {
    KeyStore keys = keys(args[1]);
    Merlin crypto = new Merlin();
    crypto.setKeyStore(keys);
    boolean is2 = args[2].equals("2.0");
    String alias = keys.aliases().nextElement();
    Document document = parse(args[3]);
    WSSecHeader header = new WSSecHeader();
    header.insertSecurityHeader(document);
    new WSSecTimestamp().build(document, header);
    Element assertion = assertion(keys(args[0]), keys.getCertificate(alias), is2);
    header.getSecurityHeader().appendChild(document.importNode(assertion, true));
    WSSecSignature signature = new WSSecSignature();
    signature.setUserInfo(alias, "changeit");
    signature.setKeyIdentifierType(WSConstants.CUSTOM_KEY_IDENTIFIER);
    signature.setCustomTokenValueType(is2 ? WSConstants.WSS_SAML2_KI_VALUE_TYPE : WSConstants.WSS_SAML_KI_VALUE_TYPE);
    signature.setCustomTokenId(assertion.getAttribute(is2 ? "ID" : "AssertionID"));
    signature.setSignatureAlgorithm("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256");
    signature.setDigestAlgo("http://www.w3.org/2001/04/xmlenc#sha256");
    signature.setParts(
        Arrays.asList(
            new WSEncryptionPart("Body", document.getDocumentElement().getNamespaceURI(), ""),
            new WSEncryptionPart("Timestamp", WSConstants.WSU_NS, "")));
    signature.build(document, crypto, header);
    save(document, args[4]);
  }

  private static Element assertion(KeyStore issuer, Certificate holder, boolean is2) throws Exception {
    String ds = "http://www.w3.org/2000/09/xmldsig#";
    String id = "_" + UUID.randomUUID();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    String key =
        "<ds:KeyInfo xmlns:ds='" + ds + "'><ds:X509Data><ds:X509Certificate>"
            + Base64.getEncoder().encodeToString(holder.getEncoded())
            + "</ds:X509Certificate></ds:X509Data></ds:KeyInfo>";
    String conditions = "<saml:Conditions NotBefore='" + now + "' NotOnOrAfter='" + now.plusSeconds(600) + "'/>";
    String unsigned =
        is2
            ? "<saml:Assertion xmlns:saml='urn:oasis:names:tc:SAML:2.0:assertion' ID='" + id + "' IssueInstant='" + now + "' Version='2.0'>"
                + "<saml:Issuer>urn:sts</saml:Issuer><saml:Subject><saml:NameID>holder</saml:NameID>"
                + "<saml:SubjectConfirmation Method='urn:oasis:names:tc:SAML:2.0:cm:holder-of-key'><saml:SubjectConfirmationData>" + key
                + "</saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>" + conditions + "</saml:Assertion>"
            : "<saml:Assertion xmlns:saml='urn:oasis:names:tc:SAML:1.0:assertion' AssertionID='" + id + "' IssueInstant='" + now
                + "' Issuer='urn:sts' MajorVersion='1' MinorVersion='1'>" + conditions
                + "<saml:AuthenticationStatement AuthenticationInstant='" + now + "' AuthenticationMethod='urn:oasis:names:tc:SAML:1.0:am:unspecified'>"
                + "<saml:Subject><saml:NameIdentifier>holder</saml:NameIdentifier><saml:SubjectConfirmation>"
                + "<saml:ConfirmationMethod>urn:oasis:names:tc:SAML:1.0:cm:holder-of-key</saml:ConfirmationMethod>" + key
                + "</saml:SubjectConfirmation></saml:Subject></saml:AuthenticationStatement></saml:Assertion>";
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    Element root =
        factory.newDocumentBuilder().parse(new ByteArrayInputStream(unsigned.getBytes(StandardCharsets.UTF_8))).getDocumentElement();
    root.setIdAttribute(is2 ? "ID" : "AssertionID", true);
    XMLSignatureFactory signatures = XMLSignatureFactory.getInstance("DOM");
    Reference reference =
        signatures.newReference(
            "#" + id,
            signatures.newDigestMethod(DigestMethod.SHA256, null),
            Arrays.asList(
                signatures.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null),
                signatures.newTransform(CanonicalizationMethod.EXCLUSIVE, (TransformParameterSpec) null)),
            null,
            null);
    SignedInfo info =
        signatures.newSignedInfo(
            signatures.newCanonicalizationMethod(CanonicalizationMethod.EXCLUSIVE, (C14NMethodParameterSpec) null),
            signatures.newSignatureMethod("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", null),
            List.of(reference));
    String alias = issuer.aliases().nextElement();
    PrivateKey signing = (PrivateKey) issuer.getKey(alias, "changeit".toCharArray());
    DOMSignContext context =
        is2
            ? new DOMSignContext(signing, root, root.getElementsByTagNameNS("*", "Subject").item(0))
            : new DOMSignContext(signing, root);
    context.setDefaultNamespacePrefix("ds");
    KeyInfoFactory infos = signatures.getKeyInfoFactory();
    X509Data data = infos.newX509Data(List.of(issuer.getCertificate(alias)));
    signatures.newXMLSignature(info, infos.newKeyInfo(List.of(data))).sign(context);
    return root;
  }

  private static KeyStore keys(String file) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (FileInputStream in = new FileInputStream(file)) {
      keys.load(in, "changeit".toCharArray());
    }
    return keys;
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

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.OutputStream;
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
import org.apache.ws.security.WSSecurityEngine;
import org.apache.ws.security.WSSecurityEngineResult;
import org.apache.ws.security.components.crypto.Merlin;
import org.apache.ws.security.message.WSSecHeader;
import org.apache.ws.security.message.WSSecSignature;
import org.apache.ws.security.message.WSSecTimestamp;
import org.w3c.dom.Document;

/**
 * Apache WSS4J on either side. `verify TRUST.pem PASSWORD MESSAGE…` says of each message what was done;
 * `sign KEYS.p12 REFERENCE ALGORITHM DIGEST IN OUT` signs Body and Timestamp, with
 * `REFERENCE+STR` the token too.
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
    for (int i = 1; i + 5 < args.length; i += 6) sign(Arrays.copyOfRange(args, i, i + 6));
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
    List<WSSecurityEngineResult> results =
        new WSSecurityEngine().processSecurityHeader(parse(messageFile), null, passwords, crypto);
    List<String> done = new ArrayList<>();
    for (WSSecurityEngineResult each : results) {
      int action = (Integer) each.get(WSSecurityEngineResult.TAG_ACTION);
      if (action == WSConstants.SIGN) {
        done.add("signature of " + ((List<?>) each.get(WSSecurityEngineResult.TAG_DATA_REF_URIS)).size());
      }
      if (action == WSConstants.UT) done.add("user");
      if (action == WSConstants.TS) done.add("timestamp");
      if (action == WSConstants.ST_UNSIGNED) done.add("assertion");
    }
    done.sort(null);
    return String.join(", ", done);
  }

  private static void sign(String[] args) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (FileInputStream in = new FileInputStream(args[0])) {
      keys.load(in, "changeit".toCharArray());
    }
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
    if (reference.length > 1) parts.add(new WSEncryptionPart("STRTransform", "", ""));
    signature.setParts(parts);
    signature.build(document, crypto, header);
    try (OutputStream out = new FileOutputStream(args[5])) {
      TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(out));
    }
  }

  private static Document parse(String file) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    return factory.newDocumentBuilder().parse(new File(file));
  }
}

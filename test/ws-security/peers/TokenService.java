import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
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
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.ws.security.WSConstants;
import org.apache.ws.security.WSPasswordCallback;
import org.apache.ws.security.WSSecurityEngine;
import org.apache.ws.security.WSSecurityEngineResult;
import org.apache.ws.security.components.crypto.Merlin;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * A security token service (WS-Trust 1.3) on Apache WSS4J: `KEYS.p12 TRUST.pem`. It judges UsernameTokens and signatures of
 * requests, and issues SAML 2.0 assertions that the JDK signs. It prints its port, then a line for each request.
 */
public class TokenService {
  private static final String WST = "http://docs.oasis-open.org/ws-sx/ws-trust/200512";
  private static final String DS = "http://www.w3.org/2000/09/xmldsig#";
  private static Merlin trust;
  private static PrivateKey key;

  public static void main(String[] args) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (FileInputStream in = new FileInputStream(args[0])) {
      keys.load(in, "changeit".toCharArray());
    }
    key = (PrivateKey) keys.getKey(keys.aliases().nextElement(), "changeit".toCharArray());
    KeyStore known = KeyStore.getInstance(KeyStore.getDefaultType());
    known.load(null, null);
    try (FileInputStream in = new FileInputStream(args[1])) {
      int i = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        known.setCertificateEntry("trust" + i++, each);
      }
    }
    trust = new Merlin();
    trust.setKeyStore(known);
    trust.setTrustStore(known);
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", TokenService::serve);
    server.setExecutor(java.util.concurrent.Executors.newFixedThreadPool(4));
    server.start();
    System.out.println(server.getAddress().getPort());
    System.in.read();
    server.stop(0);
  }

  private static void serve(HttpExchange exchange) {
    int status = 200;
    String body;
    try {
      body = answer(exchange);
    } catch (Exception e) {
      System.out.println("refused: " + e.getMessage().replace('\n', ' '));
      status = 500;
      body = fault("wst:FailedAuthentication", "It says what it says: " + e.getMessage());
    }
    try (OutputStream out = exchange.getResponseBody()) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/soap+xml; charset=utf-8");
      exchange.sendResponseHeaders(status, bytes.length);
      out.write(bytes);
    } catch (Exception e) {
      System.out.println("gone: " + e.getMessage());
    }
  }

  private static String answer(HttpExchange exchange) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    Document request = factory.newDocumentBuilder().parse(exchange.getRequestBody());
    CallbackHandler passwords = callbacks -> {
      for (Callback each : callbacks) ((WSPasswordCallback) each).setPassword("opensesame");
    };
    List<WSSecurityEngineResult> results =
        new WSSecurityEngine().processSecurityHeader(request, null, passwords, trust);
    List<String> proved = new ArrayList<>();
    for (WSSecurityEngineResult each : results == null ? List.<WSSecurityEngineResult>of() : results) {
      int action = (Integer) each.get(WSSecurityEngineResult.TAG_ACTION);
      if (action == WSConstants.UT) proved.add("user");
      if (action == WSConstants.SIGN) proved.add("signature");
    }
    if (proved.isEmpty()) throw new Exception("nobody is authenticated");
    String type = text(request, WST, "RequestType");
    String action = type.substring(type.lastIndexOf('/') + 1);
    String certificate = text(request, DS, "X509Certificate");
    if (!text(request, WST, "KeyType").endsWith("/PublicKey")) certificate = "";
    String subject = text(request, "urn:oasis:names:tc:SAML:2.0:assertion", "NameID");
    String path = exchange.getRequestURI().getPath();
    System.out.println(action + " " + String.join("+", proved) + " " + subject + (certificate.isEmpty() ? "" : " holder-of-key"));
    if (path.equals("/no-renewal") && action.equals("Renew")) return fault("wst:UnableToRenew", "no");
    if (action.equals("Cancel")) {
      return envelope("<wst:RequestSecurityTokenResponse xmlns:wst='" + WST + "'><wst:RequestedTokenCancelled/></wst:RequestSecurityTokenResponse>");
    }
    int seconds = path.startsWith("/short") || path.equals("/no-renewal") ? 2 : path.equals("/expired") ? -5 : 600;
    return envelope(
        "<wst:RequestSecurityTokenResponseCollection xmlns:wst='" + WST + "'><wst:RequestSecurityTokenResponse>"
            + "<wst:TokenType>urn:x</wst:TokenType><wst:RequestedSecurityToken>"
            + assertion(subject.isEmpty() ? "service" : subject, certificate, seconds)
            + "</wst:RequestedSecurityToken></wst:RequestSecurityTokenResponse></wst:RequestSecurityTokenResponseCollection>");
  }

  private static String assertion(String subject, String certificate, int seconds) throws Exception {
    String id = "_" + UUID.randomUUID();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    String confirmation =
        certificate.isEmpty()
            ? "<saml:SubjectConfirmation Method='urn:oasis:names:tc:SAML:2.0:cm:bearer'/>"
            : "<saml:SubjectConfirmation Method='urn:oasis:names:tc:SAML:2.0:cm:holder-of-key'><saml:SubjectConfirmationData>"
                + "<ds:KeyInfo xmlns:ds='" + DS + "'><ds:X509Data><ds:X509Certificate>" + certificate
                + "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></saml:SubjectConfirmationData></saml:SubjectConfirmation>";
    String unsigned =
        "<saml:Assertion xmlns:saml='urn:oasis:names:tc:SAML:2.0:assertion' ID='" + id + "' IssueInstant='" + now + "' Version='2.0'>"
            + "<saml:Issuer>urn:sts</saml:Issuer><saml:Subject><saml:NameID>" + subject + "</saml:NameID>" + confirmation + "</saml:Subject>"
            + "<saml:Conditions NotBefore='" + now + "' NotOnOrAfter='" + now.plusSeconds(seconds) + "'/></saml:Assertion>";
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    Document document =
        factory.newDocumentBuilder().parse(new java.io.ByteArrayInputStream(unsigned.getBytes(StandardCharsets.UTF_8)));
    Element root = document.getDocumentElement();
    root.setIdAttribute("ID", true);
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
    DOMSignContext context = new DOMSignContext(key, root, root.getElementsByTagNameNS("*", "Subject").item(0));
    context.setDefaultNamespacePrefix("ds");
    signatures.newXMLSignature(info, null).sign(context);
    Transformer transformer = TransformerFactory.newInstance().newTransformer();
    transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    transformer.transform(new DOMSource(document), new StreamResult(out));
    return out.toString(StandardCharsets.UTF_8);
  }

  private static String text(Document document, String namespace, String name) {
    NodeList found = document.getElementsByTagNameNS(namespace, name);
    // Keys and signatures of wsse:Security come before the body.
    return found.getLength() == 0 ? "" : found.item(found.getLength() - 1).getTextContent().trim();
  }

  private static String fault(String code, String reason) {
    return envelope(
        "<e:Fault><e:Code><e:Value>e:Sender</e:Value><e:Subcode><e:Value xmlns:wst='" + WST + "'>" + code
            + "</e:Value></e:Subcode></e:Code><e:Reason><e:Text xml:lang='en'>" + reason.replace("<", "&lt;") + "</e:Text></e:Reason></e:Fault>");
  }

  private static String envelope(String body) {
    return "<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope'><e:Body>" + body + "</e:Body></e:Envelope>";
  }
}

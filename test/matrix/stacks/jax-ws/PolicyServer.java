import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import javax.xml.ws.Endpoint;
import javax.xml.ws.soap.AddressingFeature;
import javax.xml.ws.soap.MTOMFeature;
import javax.xml.ws.soap.SOAPBinding;

/** Publishes the wrapped service at /addressing11, /addressing12, /mtom11 and /mtom12, each demanding what it is called. */
public final class PolicyServer {
    private PolicyServer() {}

    public static void main(String[] none) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        for (String version : new String[] {"11", "12"}) {
            String binding = version.equals("12") ? SOAPBinding.SOAP12HTTP_BINDING : SOAPBinding.SOAP11HTTP_BINDING;
            Endpoint.create(binding, new wrapped11.Submission(), new AddressingFeature(true, true))
                    .publish(server.createContext("/addressing" + version));
            Endpoint.create(binding, new wrapped11.Submission(), new MTOMFeature(true, 0))
                    .publish(server.createContext("/mtom" + version));
        }
        server.start();
        System.out.println("ready on " + server.getAddress().getPort());
    }
}

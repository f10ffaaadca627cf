import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import javax.xml.ws.Endpoint;
import javax.xml.ws.soap.SOAPBinding;

/** Publishes implementations: each argument is `path=class`; a path that ends with 12 speaks SOAP 1.2. */
public final class MatrixServer {
    private MatrixServer() {}

    public static void main(String[] services) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(Executors.newFixedThreadPool(4));
        for (String service : services) {
            String[] pair = service.split("=");
            Object implementation = Class.forName(pair[1]).getDeclaredConstructor().newInstance();
            String binding = pair[0].endsWith("12") ? SOAPBinding.SOAP12HTTP_BINDING : SOAPBinding.SOAP11HTTP_BINDING;
            Endpoint.create(binding, implementation).publish(server.createContext("/" + pair[0]));
        }
        server.start();
        System.out.println("ready on " + server.getAddress().getPort());
    }
}

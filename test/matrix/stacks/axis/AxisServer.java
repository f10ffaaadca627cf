import java.net.InetAddress;
import java.net.ServerSocket;
import org.apache.axis.transport.http.SimpleAxisServer;

/** Axis's own server with the server-config.wsdd of the working directory. */
public final class AxisServer {
    private AxisServer() {}

    public static void main(String[] none) throws Exception {
        SimpleAxisServer server = new SimpleAxisServer();
        server.setServerSocket(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")));
        System.out.println("ready on " + server.getServerSocket().getLocalPort());
        server.run();
    }
}

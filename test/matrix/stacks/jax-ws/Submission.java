package STYLE;

import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import javax.jws.WebService;
import javax.xml.ws.Holder;

/** The service over the classes that wsimport made; STYLE stands for their package. */
@WebService(
        endpointInterface = "STYLE.Matrix",
        targetNamespace = "urn:matrix",
        serviceName = "MatrixService",
        portName = "MatrixPort")
public final class Submission implements Matrix {
    //WRAPPED public void submit(Holder<Order> order, Holder<String> receipt) throws Rejected {
    //WRAPPED     receipt.value = accept(order.value);
    //WRAPPED }

    //RPC public String submit(Holder<Order> order) throws Rejected {
    //RPC     return accept(order.value);
    //RPC }

    //BARE public Result submit(Order order) throws Rejected {
    //BARE     Result result = new Result();
    //BARE     result.setReceipt(accept(order));
    //BARE     result.setOrder(order);
    //BARE     return result;
    //BARE }

    private static String accept(Order order) throws Rejected {
        if (order.getCustomer().equals("declared")) {
            Rejection rejection = new Rejection();
            rejection.setCode("R<1>");
            rejection.setLeft(3);
            throw new Rejected("Not today", rejection);
        }
        if (order.getCustomer().equals("undeclared")) {
            throw new IllegalStateException("Secret trouble with " + order.getCustomer());
        }
        if (order.getCustomer().equals("missing")) {
            throw new NoSuchElementException("no order " + order.getId());
        }
        return order.getItems().getItem().stream()
                .map(item -> item.getQuantity() + "x" + item.getSku())
                .collect(Collectors.joining(";"));
    }
}

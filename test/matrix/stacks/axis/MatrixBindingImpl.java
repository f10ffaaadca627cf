package STYLE;

/** The service over the classes that WSDL2Java made; STYLE stands for their package. */
public class MatrixBindingImpl implements Matrix {
    //PARTS public String submit(STYLE.holders.OrderHolder order) throws java.rmi.RemoteException {
    //PARTS     return accept(order.value);
    //PARTS }

    //BARE public Result submit(Order order) throws java.rmi.RemoteException {
    //BARE     Result result = new Result();
    //BARE     result.setReceipt(accept(order));
    //BARE     result.setOrder(order);
    //BARE     return result;
    //BARE }

    private static String accept(Order order) throws Rejection {
        if (order.getCustomer().equals("declared")) {
            throw new Rejection("R<1>", 3);
        }
        if (order.getCustomer().equals("undeclared")) {
            throw new IllegalStateException("Secret trouble with " + order.getCustomer());
        }
        if (order.getCustomer().equals("missing")) {
            throw new java.util.NoSuchElementException("no order " + order.getId());
        }
        StringBuilder receipt = new StringBuilder();
        for (Item item : order.getItems()) {
            receipt.append(receipt.length() == 0 ? "" : ";");
            receipt.append(item.getQuantity()).append('x').append(item.getSku());
        }
        return receipt.toString();
    }
}

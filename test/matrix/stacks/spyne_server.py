"""Spyne as a server of document/literal; prints its port. Arguments: the cells, such as wrapped11."""
import logging
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

from lxml import etree
from spyne import (
    Application,
    Boolean,
    ByteArray,
    ComplexModel,
    DateTime,
    Decimal,
    Double,
    Enum,
    Fault,
    Int,
    Long,
    ServiceBase,
    Unicode,
    rpc,
)
from spyne.error import ResourceNotFoundError
from spyne.protocol.soap import Soap11, Soap12
from spyne.server.wsgi import WsgiApplication

NAMESPACE = "urn:matrix"
Color = Enum("RED", "GREEN", type_name="Color", __namespace__=NAMESPACE)


class Item(ComplexModel):
    __namespace__ = NAMESPACE
    _type_info = [("sku", Unicode), ("quantity", Int), ("price", Decimal)]


class ArrayOfItem(ComplexModel):
    __namespace__ = NAMESPACE
    _type_info = [("item", Item.customize(max_occurs="unbounded"))]


class Order(ComplexModel):
    __namespace__ = NAMESPACE
    _type_info = [
        ("id", Long),
        ("customer", Unicode),
        ("placed", DateTime),
        ("express", Boolean),
        ("weight", Double),
        ("color", Color),
        ("payload", ByteArray),
        ("note", Unicode),
        ("discount", Decimal.customize(min_occurs=1)),
        ("items", ArrayOfItem.customize(min_occurs=1)),
    ]


class Result(ComplexModel):
    __namespace__ = NAMESPACE
    _type_info = [("receipt", Unicode), ("order", Order)]


def rejected(ctx):
    # In SOAP 1.2 it takes a dict alone, whose elements have no namespace; in SOAP 1.1 it takes an element too.
    if isinstance(ctx.out_protocol, Soap12):
        return {"{%s}Rejected" % NAMESPACE: {"{%s}code" % NAMESPACE: "R<1>", "{%s}left" % NAMESPACE: 3}}
    element = etree.Element("{%s}Rejected" % NAMESPACE)
    etree.SubElement(element, "{%s}code" % NAMESPACE).text = "R<1>"
    etree.SubElement(element, "{%s}left" % NAMESPACE).text = "3"
    return element


def accept(ctx, order):
    if order.customer == "declared":
        raise Fault("Client", "Not today", detail=rejected(ctx))
    if order.customer == "undeclared":
        raise ValueError("Secret trouble with " + order.customer)
    if order.customer == "missing":
        raise ResourceNotFoundError(str(order.id))
    items = (order.items.item if order.items else None) or []
    return ";".join("%dx%s" % (item.quantity, item.sku) for item in items)


class Wrapped(ServiceBase):
    @rpc(Order, _returns=[Unicode, Order], _out_variable_names=["receipt", "order"])
    def Submit(ctx, order):
        return accept(ctx, order), order


class Bare(ServiceBase):
    @rpc(
        Order,
        _returns=Result,
        _body_style="bare",
        _in_message_name="NewOrder",
        _out_message_name="Outcome",
    )
    def submit(ctx, order):
        return Result(receipt=accept(ctx, order), order=order)


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


def application(cell):
    protocol = Soap12 if cell.endswith("12") else Soap11
    service = Wrapped if cell.startswith("wrapped") else Bare
    return WsgiApplication(Application([service], NAMESPACE, in_protocol=protocol(), out_protocol=protocol()))


cells = {"/" + cell: application(cell) for cell in sys.argv[1:]}


def route(environ, start_response):
    found = cells.get(environ["PATH_INFO"])
    if found:
        return found(environ, start_response)
    start_response("404 Not Found", [("Content-Type", "text/html")])
    return [b"<html><body>Not here</body></html>"]


logging.disable(logging.CRITICAL)
server = make_server("127.0.0.1", 0, route, handler_class=Quiet)
print("ready on %d" % server.server_port, flush=True)
server.serve_forever()

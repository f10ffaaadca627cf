"""Reads lines of JSON {"id", "xml"} and has zeep decode each soap:Body by the WSDL of the command line.

Writes one line {"id", "value"} for each, or {"id", "error"}; "value" is what zeep made of it, with the names of the
types that it took under "_type".
"""

import datetime
import decimal
import json
import sys

import zeep
from lxml import etree
from zeep.xsd.valueobjects import CompoundValue


def plain(value):
    if isinstance(value, CompoundValue):
        members = {name: plain(value[name]) for name in value}
        return {"_type": type(value).__name__, **members}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (decimal.Decimal, datetime.date, datetime.time, datetime.timedelta)):
        return str(value)
    return value


def main():
    client = zeep.Client(sys.argv[1])
    for line in sys.stdin:
        exhibit = json.loads(line)
        try:
            envelope = etree.fromstring(exhibit["xml"].encode())
            body = next(child for child in envelope if etree.QName(child).localname == "Body")
            [element] = body
            decoded = client.wsdl.types.get_element(element.tag).parse(element, client.wsdl.types)
            print(json.dumps({"id": exhibit["id"], "value": plain(decoded)}))
        except Exception as error:
            print(json.dumps({"id": exhibit["id"], "error": f"{type(error).__name__}: {error}"}))


main()

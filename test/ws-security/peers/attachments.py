"""Protected attachments by other means than ours: MIME by Python's email package, XML by libxml2, RSA and AES by
python3-cryptography; what WSS SOAP Messages with Attachments Profile 1.1 makes of a part is written here once more.

Reads jobs as JSON, one a line, and answers each with one line of JSON.
"""

import base64
import email
import email.policy
import hashlib
import json
import os
import sys
from email.utils import collapse_rfc2231_value
from io import BytesIO

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

WSS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
SWA = "http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#"
NS = {
    "wsse": WSS + "wssecurity-secext-1.0.xsd",
    "wsu": WSS + "wssecurity-utility-1.0.xsd",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
    "ec": "http://www.w3.org/2001/10/xml-exc-c14n#",
    "soap": "http://schemas.xmlsoap.org/soap/envelope/",
}
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
GCM = "http://www.w3.org/2009/xmlenc11#aes256-gcm"
OAEP = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"
X509 = WSS + "x509-token-profile-1.0#X509v3"
SIGNED = ("Content-Description", "Content-Disposition", "Content-ID", "Content-Location", "Content-Type")


def oaep():
    return padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None)


def canonical(element, prefixes=()):
    return etree.tostring(
        element, method="c14n", exclusive=True, with_comments=False, inclusive_ns_prefixes=list(prefixes) or None
    )


def content_form(part):
    octets = part.get_payload(decode=True)
    kind = part.get_content_type()
    if kind in ("text/xml", "application/xml") or kind.endswith("+xml"):
        form = BytesIO()
        etree.parse(BytesIO(octets)).write_c14n(form, exclusive=True, with_comments=False)
        return form.getvalue()
    if kind.startswith("text/"):
        return b"\r\n".join(octets.splitlines()) + (b"\r\n" if octets.endswith((b"\n", b"\r")) else b"")
    return octets


def header_form(part):
    lines = []
    for name in SIGNED:
        raw = part.get(name)
        if raw is None:
            continue
        if name in ("Content-Type", "Content-Disposition"):
            (value, _), *parameters = part.get_params(header=name)
            text = value.strip().lower()
            for key, given in sorted((k.lower(), collapse_rfc2231_value(v)) for k, v in parameters):
                shown = given.lower() if key in ("charset", "type") else given
                text += ';%s="%s"' % (key, shown.replace("\\", "\\\\").replace('"', '\\"'))
        else:
            text = raw.strip()
        lines.append("%s:%s\r\n" % (name, text))
    return "".join(lines).encode()


def form_of(part, transform):
    content = content_form(part)
    if transform == SWA + "Attachment-Content-Signature-Transform":
        return content
    assert transform == SWA + "Attachment-Complete-Signature-Transform", transform
    return header_form(part) + content


def parsed(octets):
    return email.message_from_bytes(octets, policy=email.policy.compat32)


def part_of(header, content):
    return parsed(b"".join(b"%s: %s\r\n" % (k.encode(), v.encode()) for k, v in header) + b"\r\n" + content)


def read_message(content_type, octets):
    message = parsed(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + octets)
    root, *others = message.get_payload()
    return root.get_payload(decode=True), {p["Content-ID"].strip("<> "): p for p in others}


def cid(uri):
    from urllib.parse import unquote

    assert uri.startswith("cid:")
    return unquote(uri[4:])


def decrypt(security, key_element, key, parts):
    method = key_element.find("xenc:EncryptionMethod", NS).get("Algorithm")
    assert method == OAEP, method
    wrapped = base64.b64decode(key_element.findtext("xenc:CipherData/xenc:CipherValue", namespaces=NS))
    secret = AESGCM(key.decrypt(wrapped, oaep()))
    done = []
    for reference in key_element.iterfind("xenc:ReferenceList/xenc:DataReference", NS):
        (data,) = security.getroottree().xpath("//*[@Id='%s']" % reference.get("URI")[1:])
        kind = data.get("Type")
        if not kind.startswith(SWA):
            octets = base64.b64decode(data.findtext("xenc:CipherData/xenc:CipherValue", namespaces=NS))
            plain = secret.decrypt(octets[:12], octets[12:], None)
            parent = data.getparent()
            wrapper = etree.fromstring(b"<w>" + plain + b"</w>")
            parent.remove(data)
            parent.text = wrapper.text
            parent.extend(list(wrapper))
            continue
        source = data.find("xenc:CipherData/xenc:CipherReference", NS)
        transform = source.find("xenc:Transforms/ds:Transform", NS).get("Algorithm")
        assert transform == SWA + "Attachment-Ciphertext-Transform", transform
        name = cid(source.get("URI"))
        sealed = parts[name]
        assert sealed.get_content_type() == "application/octet-stream"
        octets = sealed.get_payload(decode=True)
        plain = secret.decrypt(octets[:12], octets[12:], None)
        if kind == SWA + "Attachment-Complete":
            parts[name] = parsed(plain)
        else:
            assert kind == SWA + "Attachment-Content-Only", kind
            header = [(k, v) for k, v in sealed.items() if k not in ("Content-Type", "Content-Transfer-Encoding")]
            parts[name] = part_of(header + [("Content-Type", data.get("MimeType"))], plain)
        done.append([name, kind.split("#")[1]])
    return done


def verify(signature, parts):
    root = signature.getroottree()
    info = signature.find("ds:SignedInfo", NS)
    token = base64.b64decode(root.findtext(".//wsse:BinarySecurityToken", namespaces=NS))
    value = base64.b64decode(signature.findtext("ds:SignatureValue", namespaces=NS))
    assert info.find("ds:SignatureMethod", NS).get("Algorithm") == RSA_SHA256
    public = x509.load_der_x509_certificate(token).public_key()
    public.verify(value, canonical(info), padding.PKCS1v15(), hashes.SHA256())
    done = []
    for reference in info.iterfind("ds:Reference", NS):
        uri = reference.get("URI")
        (transform,) = reference.iterfind("ds:Transforms/ds:Transform", NS)
        if uri.startswith("cid:"):
            octets = form_of(parts[cid(uri)], transform.get("Algorithm"))
            done.append([cid(uri), transform.get("Algorithm").split("#")[1]])
        else:
            (target,) = root.xpath("//*[@wsu:Id='%s']" % uri[1:], namespaces=NS)
            inclusive = transform.find("ec:InclusiveNamespaces", NS)
            octets = canonical(target, (inclusive.get("PrefixList") if inclusive is not None else "").split())
            done.append([etree.QName(target).localname, "element"])
        expected = base64.b64decode(reference.findtext("ds:DigestValue", namespaces=NS))
        if hashlib.sha256(octets).digest() != expected:
            raise ValueError("the digest of %s is another one" % uri)
    return done


def read(job):
    envelope, parts = read_message(job["contentType"], bytes.fromhex(job["hex"]))
    with open(job["key"], "rb") as file:
        key = serialization.load_pem_private_key(file.read(), None)
    root = etree.fromstring(envelope)
    security = root.find("soap:Header/wsse:Security", NS)
    done = {"signed": [], "encrypted": []}
    for child in list(security):
        kind = etree.QName(child).localname
        if kind == "EncryptedKey":
            done["encrypted"] += decrypt(security, child, key, parts)
        elif kind == "Signature":
            done["signed"] += verify(child, parts)
    done["parts"] = [[name, p["Content-Type"], p.get_payload(decode=True).hex()] for name, p in parts.items()]
    done["body"] = canonical(root.find("soap:Body", NS)).decode()
    return done


def element(name, content="", **attributes):
    shown = "".join(' %s="%s"' % (k.replace("__", ":"), v) for k, v in attributes.items())
    return "<%s%s>%s</%s>" % (name, shown, content, name)


def digest(octets):
    return base64.b64encode(hashlib.sha256(octets).digest()).decode()


def reference(uri, transform, octets):
    return element(
        "ds:Reference",
        element("ds:Transforms", element("ds:Transform", Algorithm=transform))
        + element("ds:DigestMethod", Algorithm=SHA256)
        + element("ds:DigestValue", digest(octets)),
        URI=uri,
    )


def encrypted(parts, job, names):
    with open(job["recipient"], "rb") as file:
        recipient = x509.load_pem_x509_certificate(file.read())
    secret = AESGCM.generate_key(256)
    data, references = "", ""
    for number, name in enumerate(names):
        iv = os.urandom(12)
        part = parts[name]
        if job["encrypt"] == "complete":
            plain = b"".join(b"%s: %s\r\n" % (k.encode(), v.encode()) for k, v in part.items()) + b"\r\n"
            plain += part.get_payload(decode=True)
            more = {"Type": SWA + "Attachment-Complete"}
        else:
            plain = part.get_payload(decode=True)
            more = {"Type": SWA + "Attachment-Content-Only", "MimeType": part["Content-Type"].replace('"', "&quot;")}
        source = element(
            "xenc:CipherReference",
            element("xenc:Transforms", element("ds:Transform", Algorithm=SWA + "Attachment-Ciphertext-Transform")),
            URI="cid:" + name,
        )
        data += element(
            "xenc:EncryptedData",
            element("xenc:EncryptionMethod", Algorithm=GCM) + element("xenc:CipherData", source),
            Id="ED%d" % number,
            **more,
        )
        references += element("xenc:DataReference", URI="#ED%d" % number)
        shown = ("content-id",) if job["encrypt"] == "complete" else tuple(k.lower() for k in SIGNED[:-1])
        kept = [(k, v) for k, v in part.items() if k.lower() in shown]
        kept.append(("Content-Type", "application/octet-stream"))
        parts[name] = part_of(kept, iv + AESGCM(secret).encrypt(iv, plain, None))
    wrapped = base64.b64encode(recipient.public_key().encrypt(secret, oaep())).decode()
    key = element(
        "xenc:EncryptedKey",
        element("xenc:EncryptionMethod", Algorithm=OAEP)
        + element("xenc:CipherData", element("xenc:CipherValue", wrapped))
        + element("xenc:ReferenceList", references),
    )
    return key + data


def write(job):
    parts = {name: part_of([("Content-ID", "<%s>" % name)] + header, bytes.fromhex(octets)) for name, header, octets in job["parts"]}
    with open(job["key"], "rb") as file:
        key = serialization.load_pem_private_key(file.read(), None)
    with open(job["certificate"], "rb") as file:
        certificate = x509.load_pem_x509_certificate(file.read())
    token = element(
        "wsse:BinarySecurityToken",
        base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode(),
        ValueType=X509,
        wsu__Id="X509",
    )
    timestamp = element(
        "wsu:Timestamp",
        element("wsu:Created", job["created"]) + element("wsu:Expires", job["expires"]),
        wsu__Id="TS",
    )
    declared = "".join(' xmlns:%s="%s"' % each for each in NS.items())

    def framed(before, after):
        return (
            "<soap:Envelope%s><soap:Header><wsse:Security>%s%s%s%s</wsse:Security></soap:Header>"
            '<soap:Body wsu:Id="Body">%s</soap:Body></soap:Envelope>' % (declared, before, timestamp, token, after, job["body"])
        )

    sealed = ""
    if job.get("encrypt") and job["order"] == "encrypt-then-sign":
        sealed = encrypted(parts, job, list(parts))
    plain = etree.fromstring(framed("", "").encode())
    elements = plain.xpath("//*[@wsu:Id='Body' or @wsu:Id='TS']", namespaces=NS)
    transform = SWA + "Attachment-%s-Signature-Transform" % job["sign"].capitalize()
    info = element(
        "ds:SignedInfo",
        element("ds:CanonicalizationMethod", Algorithm=NS["ec"])
        + element("ds:SignatureMethod", Algorithm=RSA_SHA256)
        + "".join(
            reference("#" + each.get("{%s}Id" % NS["wsu"]), NS["ec"], canonical(each)) for each in elements
        )
        + "".join(reference("cid:" + name, transform, form_of(part, transform)) for name, part in parts.items()),
        xmlns__ds=NS["ds"],
    )
    value = key.sign(canonical(etree.fromstring(info.encode())), padding.PKCS1v15(), hashes.SHA256())
    signature = element(
        "ds:Signature",
        info
        + element("ds:SignatureValue", base64.b64encode(value).decode())
        + element(
            "ds:KeyInfo",
            element("wsse:SecurityTokenReference", element("wsse:Reference", URI="#X509", ValueType=X509)),
        ),
    )
    if job.get("encrypt") and job["order"] == "sign-then-encrypt":
        envelope = framed(encrypted(parts, job, list(parts)), signature)
    else:
        envelope = framed("", signature + sealed)
    root = [("Content-Type", "text/xml; charset=UTF-8"), ("Content-ID", "<root@peer>")]
    pieces = [(root, envelope.encode())] + [(p.items(), p.get_payload(decode=True)) for p in parts.values()]
    octets = b"".join(
        b"--peer\r\n" + b"".join(b"%s: %s\r\n" % (k.encode(), v.encode()) for k, v in header) + b"\r\n" + body + b"\r\n"
        for header, body in pieces
    )
    return {
        "contentType": 'multipart/related; type="text/xml"; start="<root@peer>"; boundary=peer',
        "hex": (octets + b"--peer--\r\n").hex(),
    }


for line in sys.stdin:
    given = json.loads(line)
    try:
        print(json.dumps({"read": read, "write": write}[given["do"]](given)))
    except Exception as error:  # whoever asks wants to know which job failed
        print(json.dumps({"error": "%s: %s" % (type(error).__name__, error)}))

#!/usr/bin/env bash
# PHP's SoapServer and SoapClient refuse texts of which a part is a CDATA section, `A <![CDATA[& B]]>`, and numbers that are in one at
# all, `<![CDATA[7]]>`: "Violation of encoding rules". The same text without CDATA, all of it in one section or in two, or with
# a comment within, is read. A CDATA section may stand wherever character data may (XML 1.0, section 2.7) and is no more than
# another way of writing it: the Infoset has no item for it, and values are made of the characters of an element (XML
# Schema Part 1, section 3.1.4). The message names neither the element nor the section.
#
# Needs php-cli and php-soap. Prints what the service gets; exits non-zero when PHP behaves otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >service.wsdl <<'XML'
<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:t="urn:orders" targetNamespace="urn:orders">
  <types>
    <xs:schema targetNamespace="urn:orders" elementFormDefault="qualified">
      <xs:element name="order">
        <xs:complexType><xs:sequence><xs:element name="text" type="xs:string"/><xs:element name="count" type="xs:int"/></xs:sequence></xs:complexType>
      </xs:element>
      <xs:element name="done"><xs:complexType/></xs:element>
    </xs:schema>
  </types>
  <message name="in"><part name="body" element="t:order"/></message>
  <message name="out"><part name="body" element="t:done"/></message>
  <portType name="Orders"><operation name="order"><input message="t:in"/><output message="t:out"/></operation></portType>
  <binding name="OrdersSoap" type="t:Orders">
    <soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="order"><soap:operation soapAction=""/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>
  </binding>
  <service name="Orders"><port name="Orders" binding="t:OrdersSoap"><soap:address location="http://127.0.0.1/"/></port></service>
</definitions>
XML
cat >probe.php <<'PHP'
<?php
class Orders {
    public static $got;
    public function order($order) { self::$got = $order->text . '|' . $order->count; return new stdClass; }
}
function got(string $text, string $count): string {
    Orders::$got = 'nothing';
    $server = new SoapServer('service.wsdl', ['cache_wsdl' => WSDL_CACHE_NONE]);
    $server->setClass('Orders');
    ob_start();
    $server->handle('<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><order xmlns="urn:orders"><text>'
        . $text . '</text><count>' . $count . '</count></order></e:Body></e:Envelope>');
    ob_end_clean();
    return Orders::$got;
}
echo got($argv[1], $argv[2]);
PHP
# A fault is written, and ends the process: one for each message.
told() {
  { php -d display_errors=0 probe.php "$1" "$2" 2>/dev/null || true; } | sed -n 's:.*<faultstring>\(.*\)</faultstring>.*:\1:; $p'
}
failed=0
expect() {
  local got
  got=$(told "$1" "$2")
  printf '%-40s %-22q %s\n' "$1" "$2" "$got"
  [[ $got == *"$3" ]] || failed=1
}
php -r 'echo "PHP ", PHP_VERSION, "\n";'
expect 'A &amp; B' 7 'A & B|7'
expect '<![CDATA[A & B]]>' 7 'A & B|7'
expect '<![CDATA[A ]]><![CDATA[& B]]>' 7 'A & B|7'
expect 'A <!-- and -->&amp; B' 7 'A & B|7'
expect 'A <![CDATA[& B]]>' 7 'Violation of encoding rules'
expect '<![CDATA[A &]]> B' 7 'Violation of encoding rules'
expect 'A &amp; B' '<![CDATA[7]]>' 'Violation of encoding rules'
exit "$failed"

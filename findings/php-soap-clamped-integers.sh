#!/usr/bin/env bash
# PHP's SoapClient and SoapServer send another number than they were given: the text '18446744073709551615' for xs:unsignedLong, or one
# of twenty digits for xs:integer, goes out as 9223372036854775807, without an error or a warning. Texts are how PHP holds such
# numbers, and one for xs:decimal goes out digit by digit. Both types have these values (XML Schema Part 2, sections 3.3.21 and 3.3.13);
# a limit of PHP's own would be a reason to refuse them, but what is sent is valid, so that nobody notices, and all identifiers above
# 2^63 become the same one. A float that is not a number goes out as NAN, which is no form of xs:double (section 3.2.5.1 has NaN).
#
# Needs php-cli and php-soap. Prints what is sent; exits non-zero when PHP behaves otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >service.wsdl <<'XML'
<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:t="urn:ids" targetNamespace="urn:ids">
  <types>
    <xs:schema targetNamespace="urn:ids" elementFormDefault="qualified">
      <xs:element name="ids">
        <xs:complexType>
          <xs:sequence>
            <xs:element name="unsignedLong" type="xs:unsignedLong" minOccurs="0"/>
            <xs:element name="integer" type="xs:integer" minOccurs="0"/>
            <xs:element name="decimal" type="xs:decimal" minOccurs="0"/>
            <xs:element name="double" type="xs:double" minOccurs="0"/>
          </xs:sequence>
        </xs:complexType>
      </xs:element>
    </xs:schema>
  </types>
  <message name="in"><part name="body" element="t:ids"/></message>
  <portType name="Ids"><operation name="ids"><input message="t:in"/></operation></portType>
  <binding name="IdsSoap" type="t:Ids">
    <soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="ids"><soap:operation soapAction=""/><input><soap:body use="literal"/></input></operation>
  </binding>
  <service name="Ids"><port name="Ids" binding="t:IdsSoap"><soap:address location="http://127.0.0.1/"/></port></service>
</definitions>
XML
cat >probe.php <<'PHP'
<?php
class Client extends SoapClient {
    public string $sent = '';
    public function __doRequest(string $request, string $location, string $action, int $version, bool $oneWay = false): ?string {
        $this->sent = $request;
        return '';
    }
}
function sent(string $type, mixed $value): string {
    $client = new Client('service.wsdl', ['cache_wsdl' => WSDL_CACHE_NONE]);
    $client->ids([$type => $value]);
    preg_match("/:$type>([^<]*)</", $client->sent, $found);
    return $found[1];
}
set_error_handler(function (int $level, string $message) { echo "told: $message\n"; exit(1); });
echo 'PHP ', PHP_VERSION, "\n";
$known = [
    ['unsignedLong', '9223372036854775807', '9223372036854775807'],
    ['unsignedLong', '18446744073709551615', '9223372036854775807'],
    ['integer', '12345678901234567890', '9223372036854775807'],
    ['integer', '-12345678901234567890', '-9223372036854775808'],
    ['decimal', '12345678901234567890', '12345678901234567890'],
    ['double', INF, 'INF'],
    ['double', NAN, 'NAN'],
];
$failed = 0;
foreach ($known as [$type, $value, $expected]) {
    $sent = sent($type, $value);
    echo str_pad($type, 14), str_pad((string) $value, 24), $sent, "\n";
    if ($sent !== $expected) $failed = 1;
}
exit($failed);
PHP
php probe.php

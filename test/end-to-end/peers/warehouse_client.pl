#!/usr/bin/perl
# SOAP::Lite as a client without a WSDL: what it understands of two answers, as JSON.
use strict;
use warnings;
use JSON::PP;
use SOAP::Lite;

my $client = SOAP::Lite->uri('urn:warehouse')->proxy( $ARGV[0] )->on_action( sub { join '#', @_ } );
my $order = $client->GetOrder( SOAP::Data->name( id => 'O-1' )->type('string') )->result;
my $kind  = ref $order->{Customer};
$order = { %$order, Customer => { %{ $order->{Customer} } }, Lines => [ map { +{%$_} } @{ $order->{Lines} } ] };
my $rows = SOAP::Data->name( rows => [ [ 1, 2 ] ] );
my $json = JSON::PP->new->utf8->canonical;
print $json->encode( { kind => $kind, order => $order, rows => $client->Transpose($rows)->result } );

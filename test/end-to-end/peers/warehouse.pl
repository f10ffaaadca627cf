#!/usr/bin/perl
# SOAP::Lite as a server, rpc/encoded, without a WSDL: types are what it makes of Perl's values. It prints its port.
use strict;
use warnings;
use utf8;
use HTTP::Daemon;
use SOAP::Lite;
use SOAP::Transport::HTTP;

package Warehouse;

sub accessor { return SOAP::Data->name(@_) }

sub EchoScalars {
    my ( $class, $value ) = @_;
    return accessor( value => $value );
}

sub party { return { Name => 'shared' } }

sub order {
    my ( $id, $customer, $note ) = @_;
    return {
        Id       => SOAP::Data->type( string => $id ),
        Customer => $customer,
        Placed   => SOAP::Data->type( date => '2020-01-01' ),
        Note     => $note,
        Lines    => [ { Sku => 'A', Quantity => 2, Price => SOAP::Data->type( decimal => '1.10' ) } ],
    };
}

sub GetOrder {
    my ( $class, $id ) = @_;
    die SOAP::Fault->faultcode('Client')->faultstring('There is no such order')->faultdetail(
        SOAP::Data->name( OrderNotFound => { Id => $id, Similar => [ 7, 8 ] } )->uri('urn:warehouse') )
      if $id eq 'O-9';
    return order( $id, party(), $id eq 'O-2' ? "\x{e4}\x{6f22}" : undef );
}

sub ListOrders {
    my $shared = party();
    return [ map { order( $_, $shared, '' ) } qw(O-1 O-2 O-3) ];
}

sub PlaceOrder {
    my ( $class, $order ) = @_;
    my $pieces = 0;
    $pieces += $_->{Quantity} for @{ $order->{Lines} };
    my $note = defined $order->{Note} ? $order->{Note} : 'undef';
    my $kind = ref( $order->{Customer} );
    return ( accessor( id => join '/', $order->{Id}, $kind, $order->{Customer}{Name}, $note )->type('string'), accessor( pieces => $pieces ) );
}

sub Transpose {
    my ( $class, $rows ) = @_;
    my @columns;
    for my $row ( 0 .. $#$rows ) {
        $columns[$_][$row] = $rows->[$row][$_] for 0 .. $#{ $rows->[$row] };
    }
    return \@columns;
}

package main;

my $soap = SOAP::Transport::HTTP::Server->new->dispatch_with( { 'urn:warehouse' => 'Warehouse' } );
my $daemon = HTTP::Daemon->new( LocalAddr => '127.0.0.1', LocalPort => 0 ) or die $!;
$| = 1;
print 'port ', $daemon->sockport, "\n";
while ( my $client = $daemon->accept ) {
    if ( my $request = $client->get_request ) {
        $soap->request($request);
        $soap->handle;
        $client->force_last_request;
        $client->send_response( $soap->response );
    }
    $client->close;
}

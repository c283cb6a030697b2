/// The services that keep their items in Cassandra: capsule and plato. They differ in the table
/// that they use. And what a lab does to these tables: it makes them, and ruins them.
@NullMarked
package dev.butterfly.shelf;

import org.jspecify.annotations.NullMarked;

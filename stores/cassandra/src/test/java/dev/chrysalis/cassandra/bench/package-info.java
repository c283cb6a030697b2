/// What it costs to bring a ring back.
package dev.chrysalis.cassandra.bench;

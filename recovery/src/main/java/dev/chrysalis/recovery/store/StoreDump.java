package dev.chrysalis.recovery.store;

/// A backup of a datastore that others made, as it lies in a bucket.
///
/// @param date how it is asked for
/// @param key its name in the bucket
/// @param bytes as it lies there
public record StoreDump(String datastore, String date, String key, long bytes) {}

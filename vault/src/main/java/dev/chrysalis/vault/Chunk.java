package dev.chrysalis.vault;

/// A piece of a file's content: its name (the keyed hash of its bytes, 64 hex digits), its length,
/// and where it lies.
///
/// @param pack the pack object that holds it
/// @param offset where its frame begins in the pack
/// @param storedLength the frame's length in the pack
public record Chunk(String id, int length, String pack, long offset, int storedLength) {}

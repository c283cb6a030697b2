package dev.chrysalis.vault;

/// An object of the vault that is not what was written, or is missing.
///
/// @param key the object's key, `packs/…`
/// @param why what is wrong with it, as an error would say it
public record DamagedObject(String key, String why) {}

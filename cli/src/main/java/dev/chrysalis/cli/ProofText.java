package dev.chrysalis.cli;

import dev.chrysalis.vault.proof.Proof;
import java.util.Map;

/// What a person is told of a proof.
public final class ProofText {
  private ProofText() {}

  /// Of one that was restored and asked.
  public static String restored(Proof proof) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s of %s: restored to %s in %s s; %s%n"
            .formatted(
                proof.snapshot(),
                proof.store(),
                proof.facts().getOrDefault("target", "nothing"),
                proof
                    .facts()
                    .getOrDefault("restoredInSeconds", proof.facts().getOrDefault("seconds", "-")),
                asked(proof.facts())));
    if (proof.intact()) {
      return text.append("It restores: ").append(proof.level().word()).append('\n').toString();
    }
    return text.append("IT DOES NOT RESTORE: ")
        .append(proof.facts().getOrDefault("faults", "no reason is known"))
        .append("\nhint: see what the vault holds: chrysalis prove, chrysalis restore-points\n")
        .toString();
  }

  private static String asked(Map<String, String> facts) {
    String keys = facts.get("keys");
    if (keys != null) {
      return keys + " keys loaded";
    }
    String queries = facts.get("queries");
    return "%s tables with %s rows read"
            .formatted(facts.getOrDefault("tables", "0"), facts.getOrDefault("rows", "0"))
        + (queries == null ? "" : ", %s queries asked".formatted(queries));
  }

  /// Of one that was read back and hashed.
  public static String read(Proof proof) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s of %s: %.0f%% of it, %s bytes read and hashed, %s packs, %s pieces of its log%n"
            .formatted(
                proof.snapshot(),
                proof.store(),
                proof.fraction() * 100,
                proof.facts().get("bytes"),
                proof.facts().get("packs"),
                proof.facts().get("pieces")));
    if (proof.intact()) {
      return text.append("Nothing is damaged or missing: ")
          .append(proof.level().word())
          .append('\n')
          .toString();
    }
    Columns columns = new Columns();
    proof.damaged().forEach(d -> columns.row(d.key(), d.why()));
    return text.append(columns)
        .append(
            "DAMAGED: %s objects; %s files of the snapshot cannot be restored%n"
                .formatted(proof.facts().get("damagedObjects"), proof.facts().get("damagedFiles")))
        .append("hint: bring them back from a copy of the vault; take a new backup: ")
        .append("chrysalis backup\n")
        .toString();
  }
}

package dev.chrysalis.model.stack;

import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads `stack.yaml`. All of it is checked on load; the first fault is an error that names line
/// and field, unknown keys included. The keys are described in `docs/stack-file.md`.
public final class StackFile {
  private static final String NAME = "[a-z]([a-z0-9-]{0,40}[a-z0-9])?";

  private StackFile() {}

  /// Reads and checks the file.
  public static Stack load(Path file) {
    try {
      return parse(file.getFileName().toString(), Files.readString(file));
    } catch (IOException e) {
      throw new ChrysalisException(
          StackErrors.NO_FILE,
          "cannot read the stack file " + file,
          "name it with --stack FILE or the variable CHRYSALIS_STACK",
          e);
    }
  }

  /// Reads and checks a text; `name` is what messages call it.
  public static Stack parse(String name, String text) {
    YamlText yaml = new YamlText(name, text);
    YamlFields top = yaml.fields();
    if (top.numberOr("version", 0, 0, 1_000_000) != 1) {
      throw top.bad("version", "must be 1: this program reads version 1");
    }
    Stack stack =
        new Stack(
            name(top, "stack"),
            top.object("platform", StackFile::platform),
            top.object("vault", StackFile::vault),
            top.object("objectives", StackFile::objectives),
            top.object("asides", StackFile::asides),
            top.named("services", NAME, StackFile::service),
            top.named("datastores", NAME, DatastoreFields::read),
            top.object("observability", new ObservabilityFields(NAME)::read),
            top.objects("notify", NoticeFields::read));
    top.end();
    new References(yaml, stack).check();
    return stack;
  }

  private static PlatformReference platform(YamlFields f) {
    String kind = f.text("kind");
    if (!kind.equals("process")) {
      throw f.bad("kind", "must be 'process'");
    }
    return new PlatformReference.Processes(path(f, "directory"));
  }

  private static VaultReference vault(YamlFields f) {
    return new VaultReference(
        f.text("location"),
        path(f, "passphraseFile"),
        f.has("escrowFile") ? path(f, "escrowFile") : null,
        f.has("copy") ? f.object("copy", StackFile::copy) : null);
  }

  private static CopyPolicy copy(YamlFields f) {
    return new CopyPolicy(f.text("location"), f.durationOr("every", Duration.ofHours(1)));
  }

  private static Objectives objectives(YamlFields f) {
    return new Objectives(
        f.durationOr("recoveryPoint", Duration.ofHours(1)),
        f.durationOr("service", Duration.ofMinutes(15)),
        f.durationOr("database", Duration.ofHours(1)),
        f.durationOr("kafka", Duration.ofMinutes(30)),
        f.durationOr("region", Duration.ofHours(4)),
        f.durationOr("corruption", Duration.ofHours(2)));
  }

  private static AsidePolicy asides(YamlFields f) {
    return new AsidePolicy(f.durationOr("keep", Duration.ofDays(7)));
  }

  private static Service service(String name, YamlFields f) {
    return new Service(
        name,
        f.textOr("workload", name),
        f.texts("needs"),
        f.numberOr("replicas", 0, 0, 10_000),
        f.numberOr("port", 8080, 1, 65535),
        f.textOr("health", "/actuator/health/readiness"),
        f.durationOr("startsWithin", Duration.ofMinutes(1)),
        f.has("metrics") ? f.parsed("metrics", StackFile::requestPath) : null,
        f.objects("samples", StackFile::sample));
  }

  private static SampleRequest sample(YamlFields f) {
    return new SampleRequest(
        f.parsed("method", StackFile::method),
        f.parsed("path", StackFile::requestPath),
        f.textOr("body", ""),
        f.numberOr("status", 200, 100, 599),
        f.textOr("contains", ""));
  }

  private static String method(String text) {
    if (!Set.of("GET", "POST", "PUT", "DELETE").contains(text)) {
      throw new IllegalArgumentException("must be GET, POST, PUT or DELETE");
    }
    return text;
  }

  private static String requestPath(String text) {
    if (!text.startsWith("/")) {
      throw new IllegalArgumentException("must begin with /");
    }
    return text;
  }

  private static String name(YamlFields f, String key) {
    return name(f.text(key), f, key);
  }

  static String name(String name, YamlFields f, String key) {
    if (!name.matches(NAME)) {
      throw f.bad(key, "must be a plain name: small letters, digits, hyphens");
    }
    return name;
  }

  static Path path(YamlFields f, String key) {
    Path path = Path.of(f.text(key));
    if (!path.isAbsolute()) {
      throw f.bad(key, "must be an absolute path");
    }
    return path;
  }

  /// Checks that names lead somewhere, and that needs have no circle.
  private record References(YamlText yaml, Stack stack) {
    void check() {
      refuseTwins();
      Map<String, List<String>> needs = new LinkedHashMap<>();
      stack.services().forEach((name, s) -> needs.put(name, s.needs()));
      for (Service s : stack.services().values()) {
        for (String needed : s.needs()) {
          if (!stack.services().containsKey(needed) && !stack.datastores().containsKey(needed)) {
            throw error("services." + s.name() + ".needs", needed);
          }
        }
        refuseCircle(s.name(), needs, new HashSet<>());
      }
      for (Datastore d : stack.datastores().values()) {
        for (Datastore.Client c : d.clients()) {
          if (!stack.services().containsKey(c.service())) {
            throw error("datastores." + d.name() + ".clients", c.service());
          }
        }
      }
      stack.observability().prometheus().ifPresent(p -> labels("prometheus", p.server()));
      stack.observability().logs().ifPresent(l -> labels(l.kind(), l.server()));
    }

    private void labels(String kind, ServerReference server) {
      for (String service : server.labels().keySet()) {
        if (!stack.services().containsKey(service)) {
          throw error("observability." + kind + ".labels." + service, service);
        }
      }
    }

    private void refuseTwins() {
      Set<String> names = new HashSet<>();
      for (NoticeChannel channel : stack.channels()) {
        if (!names.add(channel.name())) {
          throw yaml.error(
              StackErrors.BAD_VALUE, "notify", "has two entries named " + channel.name());
        }
      }
    }

    private void refuseCircle(String name, Map<String, List<String>> needs, Set<String> on) {
      if (!on.add(name)) {
        throw yaml.error(
            StackErrors.BAD_REFERENCE, "services." + name + ".needs", "lead back to itself");
      }
      needs.getOrDefault(name, List.of()).forEach(n -> refuseCircle(n, needs, on));
      on.remove(name);
    }

    private ChrysalisException error(String path, String name) {
      return yaml.error(
          StackErrors.BAD_REFERENCE, path, "names '" + name + "', which the file does not declare");
    }
  }
}

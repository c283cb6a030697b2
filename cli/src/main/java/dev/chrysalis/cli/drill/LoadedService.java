package dev.chrysalis.cli.drill;

import dev.chrysalis.engine.Ticker;
import dev.chrysalis.lab.Lab;
import dev.chrysalis.lab.LabService;
import dev.chrysalis.lab.ledger.Ledger;
import dev.chrysalis.lab.ledger.LoadGenerator;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.stream.Collectors;

/// A service of a lab under load, with those that keep their items where it does, and the ledger of
/// what it acknowledged.
public final class LoadedService implements AutoCloseable {
  private static final Duration WARM_UP = Duration.ofSeconds(20);

  private final Lab lab;
  private final LabService service;
  private final Ledger ledger;
  private final LoadGenerator load;

  private LoadedService(Lab lab, LabService service, Ledger ledger, LoadGenerator load) {
    this.lab = lab;
    this.service = service;
    this.ledger = ledger;
    this.load = load;
  }

  /// Not under load yet.
  public static LoadedService of(Lab lab, LabService service, HttpClient http) {
    Ledger ledger = Ledger.open(lab.layout().ledger(service));
    return new LoadedService(
        lab, service, ledger, lab.load(service, ledger, http, new SecureRandom()));
  }

  /// On which services the load is: `capsule and plato`.
  public String words() {
    return lab.loaded(service).stream().map(LabService::word).collect(Collectors.joining(" and "));
  }

  /// @param rate writes a second
  public void start(int rate) {
    load.start(rate);
  }

  /// Who plays disasters on what this service's values lie in.
  ///
  /// @param reports the folder for the pages
  public Drill drill(Path reports, PrintStream out, PrintStream err) {
    return new Drill(lab, service, ledger, reports, out, err, InstantSource.system());
  }

  /// Waits until that many more writes were acknowledged, where they are at all.
  public void warmUp(int writes) {
    long wanted = ledger.acknowledgedCount() + writes;
    boolean _ =
        new Patience(Ticker.system()).until(() -> ledger.acknowledgedCount() >= wanted, WARM_UP);
  }

  @Override
  public void close() {
    load.close();
    ledger.close();
  }
}

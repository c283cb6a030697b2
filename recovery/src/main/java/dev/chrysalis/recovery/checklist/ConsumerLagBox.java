package dev.chrysalis.recovery.checklist;

/// Whether consumers keep up. Only a Kafka store could tell, and a stack cannot declare one yet;
/// when it can, that store is asked here.
record ConsumerLagBox() implements Box {
  @Override
  public String name() {
    return "consumer-lag";
  }

  @Override
  public String title() {
    return "Consumer lag not increasing";
  }

  @Override
  public Stage stage() {
    return Stage.STATE;
  }

  @Override
  public Check look(Round round) {
    return Check.unknown(this, "no Kafka in this stack");
  }
}

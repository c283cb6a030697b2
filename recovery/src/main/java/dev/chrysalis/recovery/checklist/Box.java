package dev.chrysalis.recovery.checklist;

/// One box of the checklist. A box that cannot be checked is *unknown*, with the reason; never
/// ticked. Safe for many threads.
public interface Box {
  /// Stable, since journals hold it: `health-endpoints`.
  String name();

  /// What a person reads.
  String title();

  /// When it is looked at.
  Stage stage();

  /// Looks once.
  Check look(Round round);

  /// The stages of a look, in their order.
  enum Stage {
    /// Reads how things are, at once.
    STATE,
    /// Reads whether something flows, which takes a while.
    FLOW,
    /// Sends requests that may write.
    REQUESTS
  }
}

package dev.chrysalis.redis.agent.log;

/// Is told how far a base is, and what is worth knowing of it.
public interface BaseProgress {
  /// `done` of about `total` bytes of a stage (`copying the base`); 0 of 0 while one waits.
  void progress(String stage, long done, long total);

  /// A finding, in one sentence.
  void note(String text);

  /// Hears nothing.
  static BaseProgress silent() {
    return new BaseProgress() {
      @Override
      public void progress(String stage, long done, long total) {}

      @Override
      public void note(String text) {}
    };
  }
}

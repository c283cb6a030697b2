package dev.chrysalis.platform.volume;

/// Is told how far a copy is, and what is worth knowing of it. Called by many threads at once.
public interface CopyProgress {
  /// `done` of about `total` bytes of a stage (`copying files`). `total` may be passed, since the
  /// server goes on writing.
  void progress(String stage, long done, long total);

  /// A finding, in one sentence.
  void note(String text);

  /// Hears nothing.
  static CopyProgress silent() {
    return new CopyProgress() {
      @Override
      public void progress(String stage, long done, long total) {}

      @Override
      public void note(String text) {}
    };
  }
}

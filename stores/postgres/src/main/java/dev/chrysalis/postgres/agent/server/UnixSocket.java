package dev.chrysalis.postgres.agent.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Objects;

/// A `Socket` over a Unix socket's channel, as far as the JDBC driver uses one. The JDK gives such
/// channels no `Socket` of their own. The channel does not block; a selector for each direction
/// waits instead, which is what makes read time-outs possible. One thread may read while another
/// writes.
final class UnixSocket extends Socket {
  private final Path path;
  private final SocketChannel channel;
  private final Selector readable;
  private final Selector writable;
  private volatile int timeoutMillis;

  UnixSocket(Path path) throws IOException {
    this.path = path;
    channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    readable = Selector.open();
    writable = Selector.open();
  }

  void connect() throws IOException {
    try {
      channel.connect(UnixDomainSocketAddress.of(path));
      channel.configureBlocking(false);
      channel.register(readable, SelectionKey.OP_READ);
      channel.register(writable, SelectionKey.OP_WRITE);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public void connect(SocketAddress ignored, int timeout) throws IOException {
    connect();
  }

  @Override
  public void connect(SocketAddress ignored) throws IOException {
    connect();
  }

  @Override
  public boolean isConnected() {
    return channel.isConnected();
  }

  @Override
  public boolean isClosed() {
    return !channel.isOpen();
  }

  @Override
  public void setSoTimeout(int millis) {
    timeoutMillis = millis;
  }

  @Override
  public int getSoTimeout() {
    return timeoutMillis;
  }

  @Override
  public void setTcpNoDelay(boolean on) {}

  @Override
  public void setKeepAlive(boolean on) {}

  @Override
  public void setReceiveBufferSize(int size) {}

  @Override
  public void setSendBufferSize(int size) {}

  @Override
  public int getReceiveBufferSize() {
    return 64 * 1024;
  }

  @Override
  public int getSendBufferSize() {
    return 64 * 1024;
  }

  @Override
  public void close() throws IOException {
    channel.close();
    readable.close();
    writable.close();
  }

  @Override
  public InputStream getInputStream() {
    return new Input();
  }

  @Override
  public OutputStream getOutputStream() {
    return new Output();
  }

  private static int await(Selector selector, int millis) throws IOException {
    try {
      selector.selectedKeys().clear();
      return selector.select(millis);
    } catch (ClosedSelectorException e) {
      throw new IOException("the socket was closed", e);
    }
  }

  private final class Input extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, into.length);
      ByteBuffer buffer = ByteBuffer.wrap(into, offset, length);
      int got = channel.read(buffer);
      while (got == 0 && length > 0) {
        if (await(readable, timeoutMillis) == 0 && timeoutMillis > 0) {
          throw new SocketTimeoutException("nothing to read for " + timeoutMillis + " ms");
        }
        got = channel.read(buffer);
      }
      return got;
    }

    @Override
    public void close() throws IOException {
      UnixSocket.this.close();
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(from, offset, length);
      while (buffer.hasRemaining()) {
        if (channel.write(buffer) == 0) {
          await(writable, 0);
        }
      }
    }

    @Override
    public void close() throws IOException {
      UnixSocket.this.close();
    }
  }
}

package dev.chrysalis.recovery.notice;

import dev.chrysalis.model.stack.NoticeChannel;
import dev.chrysalis.model.stack.NoticeChannel.Email;
import dev.chrysalis.model.stack.NoticeChannel.Login;
import dev.chrysalis.model.stack.NoticeState;
import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.Date;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.jspecify.annotations.Nullable;

/// A mail by SMTP. All mails of a run make one thread; told again, a mail has the same Message-ID.
///
/// @param tlsOrDefault whom to trust; empty for whom this machine trusts
record MailPost(Email channel, Duration patience, Optional<SSLSocketFactory> tlsOrDefault)
    implements Channel {
  @Override
  public String name() {
    return channel.name();
  }

  @Override
  public boolean wants(NoticeState state) {
    return channel.about().states().contains(state);
  }

  @Override
  public Answer deliver(Notice notice) {
    try {
      return send(notice);
    } catch (AuthenticationFailedException e) {
      return new Answer.Refused("the mail server refused the login");
    } catch (SMTPSendFailedException e) {
      return failed(e, e.getReturnCode());
    } catch (SendFailedException e) {
      return partly(e);
    } catch (MessagingException e) {
      // Neither message nor cause are told: servers put into them what they like.
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return Answer.Later.because("no mail went (" + cause.getClass().getSimpleName() + ")");
    }
  }

  private Answer send(Notice notice) throws MessagingException {
    Session session = Session.getInstance(properties());
    Message message = message(session, notice);
    Login login = channel.loginOrNull();
    String user = login == null ? null : login.user();
    String password =
        login == null ? null : new SecretFile("passwordFile", login.passwordFile()).read();
    Transport transport = session.getTransport("smtp");
    try {
      transport.connect(channel.host(), channel.port(), user, password);
      transport.sendMessage(message, message.getAllRecipients());
    } finally {
      close(transport);
    }
    return new Answer.Delivered("the mail server took it");
  }

  private static void close(Transport transport) {
    try {
      transport.close();
    } catch (MessagingException e) {
      // Whether the mail went is known by then: a server that says no goodbye changes nothing.
    }
  }

  private Message message(Session session, Notice notice) throws MessagingException {
    String domain = "@" + notice.value("stack") + ".chrysalis>";
    MimeMessage message =
        new MimeMessage(session) {
          @Override
          protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", "<" + notice.id() + domain);
          }
        };
    message.setFrom(new InternetAddress(channel.from()));
    for (String to : channel.to()) {
      message.addRecipient(Message.RecipientType.TO, new InternetAddress(to));
    }
    message.setSubject(channel.subject().fill(notice.values()), "UTF-8");
    message.setText(channel.about().text().fill(notice.values()) + "\n", "UTF-8");
    message.setSentDate(Date.from(notice.at()));
    message.setHeader("References", "<" + notice.run() + domain);
    message.setHeader("Auto-Submitted", "auto-generated");
    message.saveChanges();
    return message;
  }

  private Properties properties() {
    String millis = Long.toString(patience.toMillis());
    Properties p = new Properties();
    p.put("mail.smtp.connectiontimeout", millis);
    p.put("mail.smtp.timeout", millis);
    p.put("mail.smtp.writetimeout", millis);
    p.put("mail.smtp.sendpartial", "true");
    p.put("mail.smtp.auth", Boolean.toString(channel.login().isPresent()));
    boolean starts = channel.security() == NoticeChannel.Security.STARTTLS;
    p.put("mail.smtp.starttls.enable", Boolean.toString(starts));
    p.put("mail.smtp.starttls.required", Boolean.toString(starts));
    p.put(
        "mail.smtp.ssl.enable", Boolean.toString(channel.security() == NoticeChannel.Security.TLS));
    p.put("mail.smtp.ssl.checkserveridentity", "true");
    tlsOrDefault.ifPresent(factory -> p.put("mail.smtp.ssl.socketFactory", factory));
    return p;
  }

  /// Some got it: it is not told again, or these would get it twice.
  private Answer partly(SendFailedException e) {
    int got = count(e.getValidSentAddresses());
    if (got > 0) {
      return new Answer.Delivered(
          "the mail server took it for " + got + " of " + channel.to().size() + " recipients");
    }
    // Greylisting: a recipient who is answered 450, 451 or 452 is valid, but was not sent to.
    return count(e.getValidUnsentAddresses()) > 0
        ? Answer.Later.because("the mail server took it for nobody yet")
        : new Answer.Refused("the mail server refused every recipient");
  }

  private static int count(Address @Nullable [] addresses) {
    return addresses == null ? 0 : addresses.length;
  }

  private Answer failed(SMTPSendFailedException e, int code) {
    if (count(e.getValidSentAddresses()) > 0) {
      return partly(e);
    }
    String words = "the mail server answered " + code;
    return code / 100 == 5 ? new Answer.Refused(words) : Answer.Later.because(words);
  }
}

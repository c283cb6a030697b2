package dev.chrysalis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chrysalis.lab.LabSecrets;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.zip.GZIPOutputStream;
import org.postgresql.PGConnection;

/// Writes perception's database as `pg_dump` would, which is older than the lab's server on some
/// machines and refuses it.
record PlainDump(LabStage stage) {
  private static final String HEAD =
      """
      --
      -- PostgreSQL database dump
      --

      \\restrict x7Kq

      -- Dumped from database version 17.11
      -- Dumped by pg_dump version 17.11

      SET statement_timeout = 0;
      SET client_encoding = 'UTF8';
      SET standard_conforming_strings = on;
      SELECT pg_catalog.set_config('search_path', '', false);

      CREATE TABLE public.rims (
          id bigint NOT NULL,
          value text NOT NULL,
          written_at timestamp with time zone DEFAULT now() NOT NULL
      );

      ALTER TABLE public.rims OWNER TO butterfly;

      COPY public.rims (id, value, written_at) FROM stdin;
      """;
  private static final String TAIL =
      """
      \\.

      ALTER TABLE ONLY public.rims
          ADD CONSTRAINT rims_pkey PRIMARY KEY (id);

      --
      -- PostgreSQL database dump complete
      --

      \\unrestrict x7Kq

      """;

  /// Writes it to where the stack file says that dumps are.
  void write(String date) throws IOException {
    Path file = stage.lab().layout().dumps().resolve("postgres/" + date + "/backup.sql.gz");
    Files.createDirectories(file.getParent());
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file));
        Connection connection = connect()) {
      out.write(HEAD.getBytes(UTF_8));
      long _ =
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyOut("COPY public.rims (id, value, written_at) TO STDOUT", out);
      out.write(TAIL.getBytes(UTF_8));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Connection connect() throws SQLException, IOException {
    LabSecrets secrets = new LabSecrets(stage.lab().layout().secrets());
    Properties login = new Properties();
    login.setProperty("user", "chrysalis");
    login.setProperty("password", Files.readString(secrets.administratorPassword()).strip());
    try (Site site = stage.site()) {
      String host = site.platform().workload("perception").environment().get("POSTGRES_HOST");
      return DriverManager.getConnection("jdbc:postgresql://" + host + "/perception", login);
    }
  }
}

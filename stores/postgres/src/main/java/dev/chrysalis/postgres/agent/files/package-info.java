/// Base backups and their restore: the files of a data directory, to and from the vault.
@NullMarked
package dev.chrysalis.postgres.agent.files;

import org.jspecify.annotations.NullMarked;

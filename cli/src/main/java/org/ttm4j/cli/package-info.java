/**
 * The command line {@code ttm}. Start at {@link org.ttm4j.cli.Main}; every {@link org.ttm4j.cli.command.Command} is one class.
 * Standard output carries data only, everything else goes to standard error.
 */
package org.ttm4j.cli;

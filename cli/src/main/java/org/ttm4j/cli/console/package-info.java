/** Arguments, messages and files, which all commands share. Start with {@link org.ttm4j.cli.console.Console}. */
package org.ttm4j.cli.console;

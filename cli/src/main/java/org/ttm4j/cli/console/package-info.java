/** Arguments, messages and files: what every command shares. */
package org.ttm4j.cli.console;

package org.ttm4j.cli.console;

import java.nio.file.Path;

/** Names of data files. */
public final class FileName {
    private FileName() {}

    /** The name of a file without the endings of a CSV, such as {@code ETTh1} for {@code data/ETTh1.csv.gz}. */
    public static String stem(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("(?i)(\\.(csv|tsv|txt))?(\\.gz)?$", "");
    }
}

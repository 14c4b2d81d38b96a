package org.ttm4j.data.grid;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.text.CsvLimits;
import org.ttm4j.data.text.CsvRows;
import org.ttm4j.data.text.JsonRows;
import org.ttm4j.data.text.RowReader;

/** Opens a file by its first bytes: as a workbook, JSON, a text with delimiters, or one of these in gzip or zip. */
final class Readers {
    private static final int BUFFER = 1 << 16;
    private static final int SNIFFED = 64;
    private static final int MOST_PACKED = 2;
    /** A file may unpack to so many times its size. Rows of times and numbers unpack to some ten times. */
    private static final int UNPACKED_PER_PACKED = 100;
    /** A file may unpack to so many bytes for each byte of memory, if that is more: wide rows of zeros pack better. */
    private static final int UNPACKED_PER_BYTE = 8;
    /** After blanks and a byte order mark. */
    private static final Pattern JSON = Pattern.compile("(\u00ef\u00bb\u00bf)?\\s*(\\{\\s*\"|\\[\\s*[\\[{])");

    /** How tables begin that are not read: workbooks of Excel 97 or with a password, Parquet, web pages and XML. */
    private static final Pattern OTHER_TABLES = Pattern
            .compile("\u00d0\u00cf\u0011\u00e0|PAR1[\u0000-\u0008\u000e-\u001f]"
                    + "|(\u00ef\u00bb\u00bf)?\\s*(?i)<(!|(\\?xml|html|table|meta|style)[\\s>])");

    private Readers() {}

    static RowReader open(InputStream in, String file, CsvOptions options, CsvLimits limits) throws IOException {
        return open(new Packing(in, null, file, limits), file, options, limits, 0);
    }

    private static RowReader open(Packing in, String file, CsvOptions options, CsvLimits limits, int packed)
            throws IOException {
        if (packed > MOST_PACKED) throw new DataException(file, 0, null, "is packed more than twice; unpack it");
        BufferedInputStream content = new BufferedInputStream(in, BUFFER);
        content.mark(SNIFFED);
        String start = new String(content.readNBytes(SNIFFED), StandardCharsets.ISO_8859_1);
        content.reset();
        if (start.startsWith("\u001f\u008b")) {
            return open(in.unpacked(new GZIPInputStream(content, BUFFER)), file, options, limits, packed + 1);
        }
        // These readers and their libraries are loaded only here.
        if (start.startsWith("PK\3\4")) {
            ZipFile zip = XlsxRows.unzip(content, file, limits);
            InputStream only = XlsxRows.onlyFile(zip, file);
            if (only != null) return open(in.unpacked(only), file, options, limits, packed + 1);
            return new XlsxRows(zip, file, limits, options.sheet());
        }
        if (OTHER_TABLES.matcher(start).lookingAt()) {
            throw new DataException(file, 0, null,
                    "is an old workbook or one with a password, a web page, XML or Parquet; save it as .xlsx or .csv");
        }
        if (JSON.matcher(start).lookingAt()) return new JsonRows(content, file, limits, Table::isTime);
        return new CsvRows(content, file, options.dialect(), Table::isTime, limits);
    }

    /**
     * The bytes of a file, or what they unpack to. The latter are bounded: blank lines and repeated headers take time but no
     * memory, and a file that is packed twice can hold a million bytes of them for each of its own.
     */
    private static final class Packing extends FilterInputStream {
        private final Packing packed; // the bytes of the file; null where these are
        private final String file;
        private final CsvLimits limits;
        private long count;

        Packing(InputStream in, Packing packed, String file, CsvLimits limits) {
            super(in);
            this.packed = packed;
            this.file = file;
            this.limits = limits;
        }

        Packing unpacked(InputStream content) {
            return new Packing(content, packed == null ? this : packed, file, limits);
        }

        /** 0 for a pipe, which has no position, although Java 21 asks for it. */
        @Override
        public int available() {
            try {
                return super.available();
            } catch (IOException pipe) {
                return 0;
            }
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            count += Math.max(0, read);
            if (packed == null || count <= packed.count * UNPACKED_PER_PACKED) return read;
            long most = limits.bytes() * UNPACKED_PER_BYTE;
            if (count <= most) return read;
            throw new DataException(file, 0, null, "unpacks to more than " + (most >> 20) + " MB and "
                    + UNPACKED_PER_PACKED + " times its size; unpack it, or give the JVM more memory (-Xmx)");
        }
    }
}

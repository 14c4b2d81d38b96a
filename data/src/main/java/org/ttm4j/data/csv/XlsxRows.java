package org.ttm4j.data.csv;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.CellType;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.ReadingOptions;
import org.ttm4j.data.series.DataException;

/** The rows of the first sheet of an Excel workbook. Dates are written as in ISO 8601, numbers with a point. */
final class XlsxRows implements RowReader {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
    /** The file as it is, and the texts that all cells share, may take such a part of the memory. */
    private static final int SHARE = 8;
    /** A character of a cell can take as many in XML. */
    private static final int ESCAPED = 6;
    private static final int BUFFER = 1 << 13;

    private final String file;
    private final ReadableWorkbook workbook;
    private final Stream<org.dhatim.fastexcel.reader.Row> stream;
    private final Iterator<org.dhatim.fastexcel.reader.Row> rows;
    private final int columns;

    XlsxRows(InputStream in, String file, CsvLimits limits) throws IOException {
        this.file = file;
        columns = limits.columns();
        int most = (int) Math.min(Integer.MAX_VALUE - 8L, limits.bytes() / SHARE);
        byte[] bytes = in.readNBytes(most + 1);
        if (bytes.length > most) throw tooLarge();
        try {
            checkSize(bytes, limits);
            workbook = new ReadableWorkbook(new ByteArrayInputStream(bytes), new ReadingOptions(true, true));
            stream = workbook.getFirstSheet().openStream();
            rows = stream.iterator();
        } catch (DataException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw unreadable(0, e);
        }
    }

    /** Unpacks once without holding anything, because the reader holds the shared texts and each row. */
    private void checkSize(byte[] bytes, CsvLimits limits) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long texts = 0;
        // By the directory at the end, as the reader does: not all programs write sizes that a stream could rely on.
        try (ZipFile zip = ZipFile.builder().setSeekableByteChannel(new SeekableInMemoryByteChannel(bytes)).get()) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                boolean sheet = entry.getName().startsWith("xl/worksheets/");
                long sinceTag = 0;
                long sinceRow = 0;
                int matched = 0;
                InputStream in = zip.getInputStream(entry);
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    texts += sheet ? 0 : count;
                    for (int i = 0; i < count; i++) {
                        byte b = buffer[i];
                        sinceTag = b == '<' ? 0 : sinceTag + 1;
                        matched = b == "<row".charAt(matched) ? matched + 1 : b == '<' ? 1 : 0;
                        sinceRow = matched == 4 ? 0 : sinceRow + 1;
                        if (matched == 4) matched = 0;
                        boolean endless = sinceTag > (long) ESCAPED * limits.cellLength()
                                || sheet && sinceRow > ESCAPED * limits.rowLength();
                        if (endless) throw tooLarge();
                    }
                    if (texts > limits.bytes() / SHARE) throw tooLarge();
                }
            }
        }
    }

    @Override
    public CsvFile.Form form() {
        return CsvFile.Form.WORKBOOK;
    }

    @Override
    public Row read() throws IOException {
        long line = 0;
        try {
            if (!rows.hasNext()) return null;
            org.dhatim.fastexcel.reader.Row row = rows.next();
            line = row.getRowNum();
            if (row.getCellCount() > columns) {
                throw new DataException(file, line, null, "more than " + columns + " columns");
            }
            String[] cells = new String[row.getCellCount()];
            Arrays.fill(cells, "");
            for (Cell cell : row) if (cell != null) cells[cell.getColumnIndex()] = text(cell);
            int width = cells.length;
            while (width > 1 && cells[width - 1].isEmpty()) width--;
            return new Row(Arrays.copyOf(cells, Math.max(1, width)), line);
        } catch (RuntimeException e) {
            throw unreadable(line, e);
        }
    }

    private static String text(Cell cell) {
        boolean number = cell.getType() == CellType.NUMBER || cell.getType() == CellType.FORMULA;
        if (number && isDate(cell.getDataFormatString()) && cell.getRawValue() != null) {
            LocalDateTime time = cell.asDate().plus(500, ChronoUnit.MILLIS).truncatedTo(ChronoUnit.SECONDS);
            return time.toLocalTime().equals(LocalTime.MIDNIGHT) ? time.toLocalDate().toString() : TIME.format(time);
        }
        String text = cell.getType() == CellType.STRING ? cell.asString() : cell.getRawValue();
        return text == null ? "" : text.strip();
    }

    /** Whether a format of numbers shows a date: it has letters for years or days outside quotes and brackets. */
    private static boolean isDate(String format) {
        if (format == null) return false;
        String letters = format.replaceAll("\"[^\"]*\"|\\[[^\\]]*]|\\\\.", "").toLowerCase(Locale.ROOT);
        return letters.indexOf('y') >= 0 || letters.indexOf('d') >= 0;
    }

    private DataException tooLarge() {
        return new DataException(file, 0, null,
                "the workbook is too large for the memory; save the sheet as CSV, or give the JVM more memory (-Xmx)");
    }

    private DataException unreadable(long line, Exception cause) {
        return new DataException(file, line, null, "cannot be read as an Excel workbook: " + cause.getMessage(), cause);
    }

    @Override
    public void close() throws IOException {
        stream.close();
        workbook.close();
    }
}

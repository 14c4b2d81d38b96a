package org.ttm4j.data.grid;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.text.CsvLimits;
import org.ttm4j.data.text.Row;
import org.ttm4j.data.text.RowReader;

/**
 * The rows of a sheet of an Excel workbook. Dates are written as in ISO 8601, numbers with a point. Formulas are not
 * looked at, only their values. Sheets are bounded as those of Excel are.
 */
final class XlsxRows implements RowReader {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
    /** The file as it is may take such a part of the memory. */
    private static final int SHARE = 8;
    /** The bytes of XML that may be read for a byte of memory: a number takes 8 in memory, and some 50 in a sheet. */
    private static final int XML_PER_BYTE = 8;
    /** A character of a cell can take as many in XML. */
    private static final int ESCAPED = 6;
    private static final int BYTES_OF_TEXT = 56;
    private static final int COLUMNS = 1 << 14;
    private static final int ROWS = 1 << 20;
    private static final int FORMAT_LENGTH = 255;
    /** The parts of a format in quotes or brackets, and characters that it shows, skips or repeats, which are no fields of dates. */
    private static final Pattern LITERALS = Pattern.compile("(?s)\"[^\"]*(\"|$)|\\[[^\\]]*(]|$)|[\\\\_*].?");
    /** Built-in formats of dates, from 27 on those of East Asia; in some of its countries, some are of times of day. */
    private static final Set<String> FORMATS_OF_DATES = Set.of("14", "15", "16", "17", "22", "27", "28", "29", "30",
            "31", "34", "35", "36", "50", "51", "52", "53", "54", "55", "56", "57", "58");
    private static final LocalDateTime DAY_0 = LocalDateTime.of(1899, 12, 30, 0, 0);
    private static final int DAY_0_OF_1904 = 1462;
    private static final int YEAR_10000 = 2_958_466;

    private final String file;
    private final CsvLimits limits;
    private final ZipFile zip;
    private final CsvLimits.Budget unpacked;
    /** The memory for links between parts, formats and shared texts, which is kept until the rows are read. */
    private final CsvLimits.Budget kept;
    private final List<String> texts = new ArrayList<>();
    /** The styles of cells that show a date. */
    private final BitSet dates = new BitSet();
    /** The parts of the sheets by their names. */
    private final Map<String, String> sheets = new LinkedHashMap<>();
    private XlsxPart sheet;
    int index = -1; // of the sheet
    private boolean from1904;
    private long line;
    private int rows;

    /** @param name of the sheet to read; null for the first */
    XlsxRows(ZipFile zip, String file, CsvLimits limits, String name) throws IOException {
        this.file = file;
        this.limits = limits;
        this.zip = zip;
        unpacked = new CsvLimits.Budget(file, limits.bytes() * XML_PER_BYTE);
        kept = new CsvLimits.Budget(file, limits.bytes() / 2);
        try {
            String workbook = relations("").getOrDefault("officeDocument", "xl/workbook.xml");
            Map<String, String> parts = relations(workbook);
            readStyles(parts.getOrDefault("styles", "xl/styles.xml"));
            readTexts(parts.getOrDefault("sharedStrings", "xl/sharedStrings.xml"));
            readSheets(workbook, parts);
        } catch (IOException | XMLStreamException | RuntimeException e) {
            throw unreadable(e);
        }
        if (name != null && !sheets.containsKey(name)) {
            throw new DataException(file, 0, null, "no sheet " + Printable.quoted(name) + "; the sheets are "
                    + ColumnLayout.quoted(List.copyOf(sheets.keySet())));
        }
        open(name == null ? 0 : List.copyOf(sheets.keySet()).indexOf(name));
    }

    /**
     * Opens a zip in memory: by the directory at the end, as not all programs write sizes that a stream could rely on.
     *
     * @throws DataException when it is too large
     */
    static ZipFile unzip(InputStream in, String file, CsvLimits limits) throws IOException {
        int most = (int) Math.min(Integer.MAX_VALUE - 8L, limits.bytes() / SHARE);
        byte[] bytes = in.readNBytes(most + 1);
        if (bytes.length > most) throw tooLarge(file, 0);
        try {
            return ZipFile.builder().setSeekableByteChannel(new SeekableInMemoryByteChannel(bytes)).get();
        } catch (IOException | RuntimeException e) {
            throw new DataException(file, 0, null, "cannot be read as an Excel workbook: " + e.getMessage(), e);
        }
    }

    /** The content of the only file of a zip; null where it is a workbook. */
    static InputStream onlyFile(ZipFile zip, String file) throws IOException {
        List<ZipArchiveEntry> entries = Collections.list(zip.getEntries());
        if (entries.stream().anyMatch(entry -> entry.getName().endsWith(".rels"))) return null;
        // Systems add files of their own, and publishers what they have to say of one.
        List<ZipArchiveEntry> files = entries.stream()
                .filter(entry -> !entry.isDirectory()
                        && !entry.getName().matches("(?i)__MACOSX/.*|(.*/)?([.]|readme|licen[cs]e|metadata)[^/]*"))
                .toList();
        if (files.size() == 1) return zip.getInputStream(files.get(0));
        throw new DataException(file, 0, null,
                "expected a zip with one file, found " + (files.isEmpty()
                        ? "none"
                        : ColumnLayout.quoted(files.stream().map(ZipArchiveEntry::getName).toList()) + "; unpack it"));
    }

    /** Goes to a sheet, by its place. False when there is none. */
    boolean open(int place) throws IOException {
        if (place >= sheets.size() && place > 0) return false;
        try {
            if (sheet != null) sheet.close();
            sheet = part(sheets.values().stream().skip(place).findFirst().orElse(null));
            if (sheet == null) throw new FileNotFoundException("its first sheet is missing");
        } catch (IOException | XMLStreamException | RuntimeException e) {
            throw unreadable(e);
        }
        index = place;
        line = 0;
        rows = 0;
        return true;
    }

    /** Whether there are sheets beside the one that is read. */
    boolean hasOthers() {
        return sheets.size() > 1;
    }

    String name() {
        return List.copyOf(sheets.keySet()).get(index);
    }

    /** A part by its name, in any case; null when it is not there. */
    private XlsxPart part(String name) throws IOException, XMLStreamException {
        for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
            if (!entry.getName().equalsIgnoreCase(name)) continue;
            boolean usual = entry.getMethod() == ZipEntry.STORED || entry.getMethod() == ZipEntry.DEFLATED;
            if (!usual) throw new IOException("it is not compressed as workbooks are");
            return new XlsxPart(zip.getInputStream(entry), unpacked, ESCAPED * limits.cellLength());
        }
        return null;
    }

    /** The names of the parts that belong to one, by their ids, and the first of each type by the type. */
    private Map<String, String> relations(String name) throws IOException, XMLStreamException {
        String folder = name.substring(0, name.lastIndexOf('/') + 1);
        Map<String, String> parts = new HashMap<>();
        try (XlsxPart xml = part(folder + "_rels/" + name.substring(folder.length()) + ".rels")) {
            while (xml != null && xml.next()) {
                if (!xml.starts("Relationship")) continue;
                String target = "" + xml.attribute("Target");
                String type = keep("" + xml.attribute("Type"));
                String path = keep(target.startsWith("/") ? target.substring(1) : folder + target);
                parts.put(keep("" + xml.attribute("Id")), path);
                parts.putIfAbsent(type.substring(type.lastIndexOf('/') + 1), path);
            }
        }
        return parts;
    }

    private void readSheets(String name, Map<String, String> parts) throws IOException, XMLStreamException {
        try (XlsxPart xml = part(name)) {
            while (xml != null && xml.next()) {
                if (xml.starts("workbookPr")) from1904 = Set.of("1", "true").contains("" + xml.attribute("date1904"));
                if (xml.starts("sheet")) sheets.put(keep("" + xml.attribute("name")), parts.get(xml.attribute("id")));
            }
        }
    }

    private void readStyles(String name) throws IOException, XMLStreamException {
        Set<String> formats = new HashSet<>(FORMATS_OF_DATES);
        int style = -1; // outside the list
        try (XlsxPart xml = part(name)) {
            while (xml != null && xml.next()) {
                if (xml.starts("numFmt")) {
                    String id = "" + xml.attribute("numFmtId");
                    if (isDate("" + xml.attribute("formatCode"))) formats.add(keep(id));
                    else formats.remove(id);
                }
                if (xml.ends("cellXfs")) return;
                if (xml.starts("cellXfs")) style = 0;
                if (xml.starts("xf") && style >= 0) dates.set(style++, formats.contains(xml.attribute("numFmtId")));
            }
        }
    }

    /**
     * Whether a format of numbers shows a date: it has letters for years or days outside quotes and brackets, which are
     * not only shown, left as a blank or repeated.
     */
    private boolean isDate(String format) throws DataException {
        if (format.length() > FORMAT_LENGTH) {
            throw new DataException(file, 0, null, "a number format of " + format.length()
                    + " characters; expected at most " + FORMAT_LENGTH + ", as in Excel");
        }
        return LITERALS.matcher(format).replaceAll("").matches("(?s).*[yYdD].*");
    }

    private void readTexts(String name) throws IOException, XMLStreamException {
        try (XlsxPart xml = part(name)) {
            while (xml != null && xml.next()) {
                if (xml.starts("si")) texts.add(keep(xml.texts("si").strip()));
            }
        }
    }

    private String keep(String text) throws DataException {
        kept.take(BYTES_OF_TEXT + 2L * text.length(), 0);
        return text;
    }

    @Override
    public Row read() throws IOException {
        try {
            while (sheet.next() && !sheet.ends("sheetData")) if (sheet.starts("row")) return row();
            return null;
        } catch (IOException | XMLStreamException | RuntimeException e) {
            throw unreadable(e);
        }
    }

    private Row row() throws IOException, XMLStreamException {
        String number = sheet.attribute("r");
        line = number == null ? line + 1 : Long.parseLong(number);
        if (++rows > ROWS) {
            throw new DataException(file, line, null, "more than the 1,048,576 rows that a sheet can have");
        }
        List<String> cells = new ArrayList<>();
        long length = 0;
        while (sheet.next() && !sheet.ends("row")) {
            if (!sheet.starts("c")) continue;
            int column = column(sheet.attribute("r"), cells.size());
            if (column >= COLUMNS) {
                throw new DataException(file, line, null, "a cell beyond column XFD, the last that a sheet can have");
            }
            // Cells that are left out, and a text that cells share, cost work each time.
            unpacked.take(Math.max(0, column - cells.size()), line);
            while (cells.size() <= column) cells.add("");
            cells.set(column, cell());
            unpacked.take(cells.get(column).length(), line);
            length += 1 + cells.get(column).length();
            if (length > limits.rowLength()) throw tooLarge(file, line);
        }
        int width = cells.size();
        while (width > 1 && cells.get(width - 1).isEmpty()) width--;
        return new Row(width == 0 ? new String[]{""} : cells.subList(0, width).toArray(String[]::new), line);
    }

    /** The index of the column of a place such as AB12. */
    private static int column(String place, int next) {
        int column = 0;
        for (int i = 0; place != null && i < place.length() && column <= COLUMNS; i++) {
            char c = Character.toUpperCase(place.charAt(i));
            if (c < 'A' || c > 'Z') break;
            column = column * 26 + c - 'A' + 1;
        }
        return column == 0 ? next : column - 1;
    }

    private String cell() throws IOException, XMLStreamException {
        String type = sheet.attribute("t");
        String style = sheet.attribute("s");
        String text = "";
        while (sheet.next() && !sheet.ends("c")) {
            if (sheet.starts("v")) text = sheet.text("v").strip();
            else if (sheet.starts("is")) text = sheet.texts("is").strip();
        }
        if (text.isEmpty()) return text;
        if ("s".equals(type)) {
            int index = Integer.parseInt(text);
            if (index >= 0 && index < texts.size()) return texts.get(index);
            throw new DataException(file, line, null, "shared text " + index + " of " + texts.size() + " is missing");
        }
        boolean number = type == null || type.equals("n");
        return number && style != null && dates.get(Integer.parseInt(style)) ? date(text) : text;
    }

    /** A number of days as a date, to the second; the number where it is none, or a time of day, less than a day. */
    private String date(String text) {
        double days = Double.parseDouble(text) + (from1904 ? DAY_0_OF_1904 : 0);
        if (!(days >= 1 && days < YEAR_10000)) return text;
        LocalDateTime time = DAY_0.plusSeconds(Math.round(days * TimeFinder.SECONDS_OF_DAY));
        return time.toLocalTime().equals(LocalTime.MIDNIGHT) ? time.toLocalDate().toString() : TIME.format(time);
    }

    private static DataException tooLarge(String file, long line) {
        return new DataException(file, line, null,
                "the workbook is too large for the memory; save the sheet as CSV, or give the JVM more memory (-Xmx)");
    }

    private DataException unreadable(Exception cause) {
        if (cause instanceof DataException known) return known;
        return new DataException(file, line, null, "cannot be read as an Excel workbook: " + cause.getMessage(), cause);
    }

    @Override
    public void close() throws IOException {
        sheet.close();
        zip.close();
    }

    /**
     * A part of a workbook, which is XML, read event by event. All that the parser holds is bounded: the bytes of one event, the
     * names that it remembers, and the elements that are open. Entities other than those of XML itself are an error.
     */
    private static final class XlsxPart implements Closeable {
        /** The bytes that the parser reads before it needs them. */
        private static final int READ_AHEAD = 1 << 16;
        private static final int NAMES = 1000;
        private static final int DEPTH = 64;

        private final InputStream in;
        private final XMLStreamReader xml;
        private final Set<String> names = new HashSet<>();
        private final int longest;
        private long sinceEvent;

        /**
         * @param unpacked the bytes that may be read
         * @param longest the bytes of an event, and the characters of a text
         */
        XlsxPart(InputStream part, CsvLimits.Budget unpacked, int longest) throws XMLStreamException {
            this.longest = longest;
            in = new BufferedInputStream(new FilterInputStream(part) {
                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    int count = super.read(bytes, offset, length);
                    unpacked.take(Math.max(0, count), 0);
                    sinceEvent += count;
                    if (sinceEvent > longest + READ_AHEAD) throw tooLong();
                    return count;
                }
            });
            XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            factory.setProperty(XMLInputFactory.IS_COALESCING, true);
            factory.setProperty("jdk.xml.maxElementDepth", DEPTH);
            xml = factory.createXMLStreamReader(in);
        }

        /** Goes to the next event; false at the end. */
        boolean next() throws IOException, XMLStreamException {
            try {
                if (!xml.hasNext()) return false;
                int event = xml.next();
                sinceEvent = 0;
                if (event == XMLStreamConstants.START_ELEMENT) addNames();
                else if (event == XMLStreamConstants.PROCESSING_INSTRUCTION) names.add(xml.getPITarget());
                return true;
            } catch (XMLStreamException e) {
                if (e.getNestedException() instanceof IOException cause) throw cause;
                throw e;
            }
        }

        private void addNames() throws XMLStreamException {
            names.add(xml.getLocalName());
            for (int i = 0; i < xml.getAttributeCount(); i++) names.add(xml.getAttributeLocalName(i));
            for (int i = 0; i < xml.getNamespaceCount(); i++) names.add(xml.getNamespaceURI(i));
            if (names.size() > NAMES) throw new XMLStreamException("more than " + NAMES + " names in the XML");
        }

        boolean starts(String element) {
            return xml.isStartElement() && xml.getLocalName().equals(element);
        }

        boolean ends(String element) {
            return xml.isEndElement() && xml.getLocalName().equals(element);
        }

        /** An attribute of the element that starts, whatever its namespace; null without. */
        String attribute(String name) {
            return xml.getAttributeValue(null, name);
        }

        /** The characters up to the end of an element that starts. */
        String text(String element) throws IOException, XMLStreamException {
            StringBuilder text = new StringBuilder();
            while (next() && !ends(element)) if (xml.isCharacters()) append(text, xml.getText());
            return text.toString();
        }

        /** The characters of all {@code t} up to the end of an element that starts, without phonetic hints. */
        String texts(String element) throws IOException, XMLStreamException {
            StringBuilder text = new StringBuilder();
            while (next() && !ends(element)) {
                if (starts("t")) append(text, text("t"));
                else if (starts("rPh")) text("rPh");
            }
            return text.toString();
        }

        private void append(StringBuilder text, String more) throws IOException {
            if (text.append(more).length() > longest) throw tooLong();
        }

        private IOException tooLong() {
            return new IOException("a cell or a tag is too large, more than " + longest + " characters");
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}

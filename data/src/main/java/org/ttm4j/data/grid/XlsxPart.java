package org.ttm4j.data.grid;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.ttm4j.data.text.MemoryBudget;

/**
 * A part of a workbook, which is XML, read event by event. All that the parser holds is bounded: the bytes of one event, the
 * names that it remembers, and the elements that are open. Entities other than those of XML itself are an error.
 */
final class XlsxPart implements Closeable {
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
    XlsxPart(InputStream part, MemoryBudget unpacked, int longest) throws XMLStreamException {
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

/** Series: CSV files on a regular time grid, corpora to pre-train on, synthetic series. */
module org.ttm4j.data {
    requires de.focus_shift.jollyday.core;
    requires com.google.gson;
    requires java.xml;
    requires org.apache.commons.compress;
    requires org.apache.commons.csv;

    exports org.ttm4j.data.corpus;
    exports org.ttm4j.data.grid;
    exports org.ttm4j.data.series;
    exports org.ttm4j.data.synthetic;
    exports org.ttm4j.data.text;
    exports org.ttm4j.data.time;
}

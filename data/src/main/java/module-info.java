/** Series: CSV files on a regular time grid, evaluation splits, baselines, synthetic series. */
module org.ttm4j.data {
    requires org.apache.commons.csv;

    exports org.ttm4j.data;
    exports org.ttm4j.data.corpus;
    exports org.ttm4j.data.metric;
    exports org.ttm4j.data.synthetic;
}

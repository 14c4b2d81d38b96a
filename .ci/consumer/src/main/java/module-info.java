module consumer {
    requires org.ttm4j.ttm;
}

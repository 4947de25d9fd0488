package dev.mixwell.columnar;

import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.Type;

/** What the library wants of those who take records from it; columns are read one by one here. */
final class IgnoringConverter extends GroupConverter {
  private final GroupType type;

  IgnoringConverter(GroupType type) {
    this.type = type;
  }

  @Override
  public Converter getConverter(int field) {
    Type child = type.getType(field);
    return child.isPrimitive()
        ? new PrimitiveConverter() {}
        : new IgnoringConverter(child.asGroupType());
  }

  @Override
  public void start() {}

  @Override
  public void end() {}
}

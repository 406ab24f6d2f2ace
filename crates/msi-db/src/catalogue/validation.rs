//! What a database says of its own columns.

use super::notation::*;
use crate::definition::Category::*;
use crate::definition::TableDef;

pub(super) static TABLES: &[TableDef] = &[
    table!("_Validation", [
        s("Table", 32).key().is(Identifier).says("Name of table"),
        s("Column", 32).key().is(Identifier).says("Name of column"),
        s("Nullable", 4).one_of("Y;N").says("Whether the column is nullable"),
        i4("MinValue").null().range(-2147483647, 2147483647).says("Minimum value allowed"),
        i4("MaxValue").null().range(-2147483647, 2147483647).says("Maximum value allowed"),
        s("KeyTable", 255).null().is(Identifier).says("For foreign key, Name of table to which data must link"),
        i2("KeyColumn").null().range(1, 32).says("Column to which foreign key connects"),
        s("Category", 32).null().one_of("Text;Formatted;Template;Condition;Guid;Path;Version;Language;Identifier;Binary;UpperCase;LowerCase;Filename;Paths;AnyPath;WildCardFilename;RegPath;CustomSource;Property;Cabinet;Shortcut;FormattedSDDLText;Integer;DoubleInteger;TimeDate;DefaultDir").says("String category"),
        s("Set", 255).null().is(Text).says("Set of values that are permitted"),
        s("Description", 255).null().is(Text).says("Description of column"),
    ]),
];

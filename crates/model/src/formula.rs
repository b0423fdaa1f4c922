//! Formula fields: ZEN expressions over fields of the same record, type-checked when the catalogue loads.

use crate::{
    field::{FieldDef, FieldType},
    object::ObjectDef,
    value::{Kind, Value},
};
use rust_decimal::{Decimal, RoundingStrategy};
use std::{cell::RefCell, rc::Rc};
use zen_expression::{
    Expression, Isolate,
    expression::Standard,
    intellisense::{IntelliSense, diagnostic::Severity},
    variable::{Variable, VariableMap, VariableType},
};

/// A compiled formula.
#[derive(Debug, Clone)]
pub struct Formula {
    /// The field it fills.
    pub field: String,
    /// Fields it reads.
    pub reads: Vec<String>,
    returns: Kind,
    expression: Expression<Standard>,
}

impl PartialEq for Formula {
    fn eq(&self, other: &Self) -> bool {
        self.field == other.field && self.expression.bytecode() == other.expression.bytecode()
    }
}

/// Rounds to the four decimals that are stored, halves away from zero.
pub fn round4(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero)
}

impl Formula {
    /// Compiles a formula field against the fields of its object.
    ///
    /// # Errors
    /// A sentence for the author of the definition: bad syntax, unknown field, wrong result type.
    pub fn compile(object: &ObjectDef, field: &FieldDef) -> Result<Self, String> {
        let source = field.expression.as_deref().ok_or("a formula needs `expression`")?;
        let returns = field.returns.ok_or("a formula needs `returns`")?;
        let wanted = match field.storage() {
            Kind::Decimal | Kind::Int => VariableType::Number,
            Kind::Bool => VariableType::Bool,
            Kind::Text if returns == FieldType::Text => VariableType::String,
            _ => return Err(format!("a formula cannot return {returns:?}")),
        };
        let types = object
            .fields
            .values()
            .filter_map(|other| variable_type(other).map(|kind| (Rc::from(other.name.as_str()), kind)));
        let data = VariableType::Object(Rc::new(RefCell::new(types.collect())));
        let analysis = IntelliSense::new().with_strict(true).analyze(source, &data);
        if let Some(problem) = analysis.diagnostics.iter().find(|found| found.severity == Severity::Error) {
            return Err(format!("formula: {} (at {})", problem.message, problem.span.0));
        }
        let mut reads: Vec<String> =
            analysis.references.iter().filter_map(|found| found.path.first()).map(|name| name.to_string()).collect();
        reads.sort_unstable();
        reads.dedup();
        if let Some(unknown) = reads.iter().find(|name| object.field(name).and_then(variable_type).is_none()) {
            return Err(format!("formula: no field {unknown} that a formula can read"));
        }
        if !analysis.return_type.satisfies(&wanted) {
            return Err(format!("formula gives {}, but the field returns {returns:?}", analysis.return_type));
        }
        let expression = Isolate::new().compile_standard(source).map_err(|error| format!("formula: {error}"))?;
        Ok(Self { field: field.name.clone(), reads, returns: field.storage(), expression })
    }

    /// Computes the value; empty when an operand is empty or the expression has no result (division by zero).
    pub fn evaluate(&self, read: impl Fn(&str) -> Value) -> Value {
        let mut context = VariableMap::with_capacity(self.reads.len());
        for name in &self.reads {
            let Some(variable) = to_variable(&read(name)) else { return Value::Null };
            context.insert(Variable::key(name), variable);
        }
        let result = self.expression.evaluate(Variable::from_object(context));
        match (result, self.returns) {
            (Ok(Variable::Number(number)), Kind::Decimal) => {
                let rounded = round4(number);
                if crate::coerce::decimal_fits(rounded) { Value::Decimal(rounded) } else { Value::Null }
            }
            (Ok(Variable::Number(number)), Kind::Int) => {
                i64::try_from(number.round().mantissa()).map_or(Value::Null, Value::Int)
            }
            (Ok(Variable::Bool(flag)), Kind::Bool) => Value::Bool(flag),
            (Ok(Variable::String(text)), Kind::Text) => Value::Text(text.as_str().chars().take(255).collect()),
            _ => Value::Null,
        }
    }
}

fn variable_type(field: &FieldDef) -> Option<VariableType> {
    Some(match field.storage() {
        Kind::Int | Kind::Decimal => VariableType::Number,
        Kind::Bool => VariableType::Bool,
        Kind::Text => VariableType::String,
        Kind::Date | Kind::Instant | Kind::Id | Kind::List => return None,
    })
}

fn to_variable(value: &Value) -> Option<Variable> {
    Some(match value {
        Value::Bool(flag) => Variable::Bool(*flag),
        Value::Int(number) => Variable::Number(Decimal::from(*number)),
        Value::Decimal(number) => Variable::Number(*number),
        Value::Text(text) => Variable::String(text.as_str().into()),
        _ => return None,
    })
}

using Microsoft.CodeAnalysis;

namespace Monitoring.Redis.Generators;

internal static class Diagnostics
{
    public static readonly DiagnosticDescriptor Unclassified = new(
        "MONREDIS001",
        "Member is not classified",
        "{0} is not classified: add a line for '{1}' to " + CommandTable.FileName,
        "Monitoring.Redis",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor BadLine = new(
        "MONREDIS002",
        "Line of the command table is malformed",
        "'{0}' is not a line that " + CommandTable.FileName + " may hold",
        "Monitoring.Redis",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor NotForwardable = new(
        "MONREDIS003",
        "Member cannot run through the funnel",
        "{0} has a by-reference or type parameter: classify it as pass or hand",
        "Monitoring.Redis",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);
}

using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis.Text;

namespace Monitoring.Redis.Generators;

internal enum RuleKind
{
    Command,
    Pass,
    Hand,
}

/// <summary>One line of the table.</summary>
/// <param name="Member">Name of the member without Async.</param>
/// <param name="ParameterType">Type that one parameter must have, or null for all overloads.</param>
/// <param name="Kind">Whether it is a command.</param>
/// <param name="Commands">The commands among which <paramref name="Argument"/> chooses; empty when it is the command.</param>
/// <param name="Argument">Parameter that chooses or names the command, or null.</param>
internal sealed record CommandRule(string Member, string? ParameterType, RuleKind Kind, EquatableArray<string> Commands, string? Argument)
{
    /// <summary>Whether the compiled decorators send the command by hand; to the dynamic one it is a command like any other.</summary>
    public bool IsByHand => Kind == RuleKind.Hand || Argument == "hand";

    public bool Fits(MemberModel member) =>
        member.TableName == Member
        && (ParameterType is null || member.SimpleType == ParameterType || member.Parameters.Any(p => p.SimpleType == ParameterType));
}

/// <summary>The classification table: which Redis command each member sends.</summary>
internal sealed record CommandTable(EquatableArray<CommandRule> Rules, EquatableArray<string> BadLines)
{
    public const string FileName = "RedisCommands.txt";

    public static CommandTable Parse(SourceText? text)
    {
        var rules = new List<CommandRule>();
        var bad = new List<string>();
        foreach (var line in text?.Lines.Select(static l => l.ToString().Trim()) ?? [])
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (ParseLine(line) is { } rule)
            {
                rules.Add(rule);
            }
            else
            {
                bad.Add(line);
            }
        }

        return new CommandTable(new(rules), new(bad));
    }

    public CommandRule? Find(MemberModel member) => Rules.FirstOrDefault(rule => rule.Fits(member));

    private static CommandRule? ParseLine(string line)
    {
        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        if (colon <= 0)
        {
            return null;
        }

        var (member, parameterType) = SplitMember(line.Substring(0, colon));
        var value = line.Substring(colon + 2).Trim();
        if (IsReason(value, "pass"))
        {
            return new(member, parameterType, RuleKind.Pass, default, null);
        }

        if (IsReason(value, "hand"))
        {
            return new(member, parameterType, RuleKind.Hand, default, null);
        }

        return value.StartsWith("{", StringComparison.Ordinal) && value.EndsWith("}", StringComparison.Ordinal)
            ? new(member, parameterType, RuleKind.Command, default, value.Trim('{', '}'))
            : ParseCommands(member, parameterType, value);
    }

    private static CommandRule? ParseCommands(string member, string? parameterType, string value)
    {
        var by = value.IndexOf(" by ", StringComparison.Ordinal);
        var commands = (by < 0 ? value : value.Substring(0, by)).Split(',').Select(static c => c.Trim()).ToArray();
        var valid = commands.All(static c => c.Length > 0 && c.All(static x => char.IsUpper(x) || x is ' ' or '-' or '_'))
            && (by >= 0 || commands.Length == 1);
        return valid ? new(member, parameterType, RuleKind.Command, new(commands), by < 0 ? null : value.Substring(by + 4).Trim()) : null;
    }

    // A member that is no command says why.
    private static bool IsReason(string value, string kind) =>
        value.StartsWith(kind + ", ", StringComparison.Ordinal) && value.Length > kind.Length + 2;

    private static (string Member, string? ParameterType) SplitMember(string text)
    {
        var open = text.IndexOf('(');
        return open < 0 ? (text.Trim(), null) : (text.Substring(0, open), text.Substring(open + 1).TrimEnd(')'));
    }
}

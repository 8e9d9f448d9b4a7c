using System;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Monitoring.Redis.Generators;

/// <summary>
/// Implements, in partial classes marked <c>[RedisDecorator(typeof(IDatabase))]</c>, every member of the interface that
/// the table does not leave to a hand, over the hand-written funnel. Emits the table, too, for the dynamic decorator.
/// </summary>
[Generator]
public sealed class RedisDecoratorGenerator : IIncrementalGenerator
{
    private const string AttributeName = "Monitoring.Redis.Decorators.RedisDecoratorAttribute";

    /// <summary>Names of the steps, for the test that an unrelated edit leaves them cached.</summary>
    internal const string DecoratorStep = "Decorator";
    internal const string TableStep = "Table";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var table = context.AdditionalTextsProvider
            .Where(static file => Path.GetFileName(file.Path) == CommandTable.FileName)
            .Select(static (file, token) => CommandTable.Parse(file.GetText(token)))
            .Collect()
            .Select(static (tables, _) => tables.FirstOrDefault() ?? CommandTable.Parse(null))
            .WithTrackingName(TableStep);
        var decorators = context.SyntaxProvider
            .ForAttributeWithMetadataName(AttributeName, static (_, _) => true, static (syntax, _) => ModelReader.Read(syntax))
            .Where(static model => model is not null)
            .Select(static (model, _) => model!)
            .WithTrackingName(DecoratorStep);

        context.RegisterSourceOutput(decorators.Combine(table), static (output, pair) => EmitDecorator(output, pair.Left, pair.Right));
        context.RegisterSourceOutput(decorators.Collect().Combine(table), static (output, pair) => EmitTables(output, pair.Left, pair.Right));
    }

    private static void EmitDecorator(SourceProductionContext output, DecoratorModel decorator, CommandTable table)
    {
        foreach (var member in decorator.Members.Where(m => m.Kind != MemberKind.Event))
        {
            var rule = table.Find(member);
            if (rule is null)
            {
                output.ReportDiagnostic(Diagnostic.Create(Diagnostics.Unclassified, null, member.DisplayName, member.TableName));
            }
            else if (rule.Kind == RuleKind.Command && (member.TypeParameters.Length > 0 || member.Parameters.Any(static p => p.Modifier.Length > 0)))
            {
                output.ReportDiagnostic(Diagnostic.Create(Diagnostics.NotForwardable, null, member.DisplayName));
            }
        }

        Add(output, decorator.ClassName, DecoratorEmitter.Emit(decorator, table));
    }

    private static void EmitTables(SourceProductionContext output, ImmutableArray<DecoratorModel> decorators, CommandTable table)
    {
        foreach (var line in table.BadLines)
        {
            output.ReportDiagnostic(Diagnostic.Create(Diagnostics.BadLine, null, line));
        }

        if (!decorators.IsEmpty)
        {
            Add(output, "RedisCommands", TableEmitter.EmitCommands(decorators[0].Namespace, table));
            Add(output, "CompiledMembers", TableEmitter.EmitMembers(decorators[0].Namespace, decorators.SelectMany(static d => d.Signatures)));
        }
    }

    private static void Add(SourceProductionContext output, string name, string source) =>
        output.AddSource($"{name}.g.cs", SourceText.From(source, Encoding.UTF8));
}

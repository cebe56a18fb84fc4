{# On-run-end: what came in, what is not right with it, and who may be contacted. Only what this run has built is told. #}
{% macro tell_what_came_of_it(results) %}
    {%- if not execute or flags.WHICH not in ['build', 'run'] -%}{{- return('') -}}{%- endif -%}
    {%- set built = [] -%}
    {%- for result in results if result.status | string == 'success' -%}
        {%- do built.append(result.node.name) -%}
    {%- endfor -%}
    {%- set parts = [] -%}
    {%- if 'row_accounting' in built -%}
        {%- do parts.append("What came in\n" ~ crm_segmentation.text_table(run_query(
            "select raw_table, rows_in, rows_kept, rows_superseded, rows_rejected, rows_early, rows_late from "
            ~ crm_segmentation.stored_relation('row_accounting') ~ " order by rows_in desc, raw_table"
        ))) -%}
    {%- endif -%}
    {%- if 'int_quality__input_verdicts' in built -%}
        {%- set told = crm_segmentation.named_rows(run_query(
            "select status, advice from " ~ crm_segmentation.stored_relation('int_quality__input_verdicts') ~ " where status != 'ok'"
            ~ " order by status, check_name, raw_table, source_system, subject"
        )) -%}
        {%- set lines = [] -%}
        {%- for row in told -%}
            {%- do lines.append("\n  " ~ row.status ~ ": " ~ row.advice) -%}
        {%- endfor -%}
        {%- do parts.append("What to look at" ~ lines | join('') if lines else "Nothing about it stands out.") -%}
    {%- endif -%}
    {%- if 'audience_members' in built -%}
        {%- set outcomes = run_query(
            crm_segmentation.outcomes_by_destination(crm_segmentation.stored_relation('audience_members')) ~ " order by destination"
        ) -%}
        {%- do parts.append(
            "How many each destination may contact, and why the others are held back\n" ~ crm_segmentation.text_table(outcomes)
            ~ crm_segmentation.advice_on_consent(outcomes)
        ) -%}
    {%- endif -%}
    {%- if parts -%}
        {%- do log(parts | join("\n\n"), info=true) -%}
    {%- endif -%}
{% endmacro %}


{# Rows of a query as lines of text, uncut: names of columns first, numbers to the right. #}
{% macro text_table(table) -%}
    {%- set widths = [] -%}
    {%- for name in table.column_names -%}
        {%- set lengths = [name | length] -%}
        {%- for row in table.rows -%}
            {%- do lengths.append(row[name] | string | length) -%}
        {%- endfor -%}
        {%- do widths.append(lengths | max) -%}
    {%- endfor -%}
    {%- set lines = [] -%}
    {%- for row in [table.column_names | map('lower') | list] + table.rows | list -%}
        {%- set cells = [] -%}
        {%- for cell in row -%}
            {%- set text = cell | string -%}
            {%- do cells.append(text.ljust(widths[loop.index0]) if loop.first else text.rjust(widths[loop.index0])) -%}
        {%- endfor -%}
        {%- do lines.append(cells | join('  ')) -%}
    {%- endfor -%}
    {{- return(lines | join("\n")) -}}
{%- endmacro %}


{# For every destination how many contacts may be contacted, and how many are held back for each reason. A contact counts once: as
   eligible where it is so in one of its segments, else by the first of its reasons in the alphabet. #}
{% macro outcomes_by_destination(members) -%}
    {%- set reasons = [
        'erased', 'erasure_undecided', 'no_consent', 'withdrawn', 'bounced', 'complained', 'suppressed', 'frequency_cap', 'holdout',
        'no_identifier', 'lower_priority_segment'
    ] -%}
    with

    contact_outcomes as (

        select
            destination,
            contact_id,
            case when max(case when is_eligible then 1 else 0 end) = 1 then 'eligible' else min(held_back_reason) end as outcome

        from {{ members }}

        group by destination, contact_id

    )

    select
        destination,
        sum(case when outcome = 'eligible' then 1 else 0 end) as eligible{% for reason in reasons %},
        sum(case when outcome = '{{ reason }}' then 1 else 0 end) as {{ reason }}{% endfor %}

    from contact_outcomes

    group by destination
{%- endmacro %}


{# What to do where a destination gets nobody and contacts are held back because they never decided. #}
{% macro advice_on_consent(outcomes) -%}
    {%- set destinations = [] -%}
    {%- for row in crm_segmentation.named_rows(outcomes) if row.eligible == 0 and row.no_consent > 0 -%}
        {%- do destinations.append(row.destination) -%}
    {%- endfor -%}
    {%- if destinations -%}
        {{- return(
            "\n\nNobody may be contacted on " ~ destinations | join(', ') ~ ", and no_consent says why: those contacts never decided, and silence is no"
            ~ " consent there. Load what they allowed into raw_consents, or name the channels on which silence counts as consent in consent_defaults."
        ) -}}
    {%- endif -%}
    {{- return('') -}}
{%- endmacro %}


{# The version in dbt_project.yml, which dbt does not tell a model; a test holds the two together. #}
{% macro project_version() -%}
    {{- return('0.1.0') -}}
{%- endmacro %}

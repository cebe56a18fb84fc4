{# Where the project stands, on one screen, from the public tables as the last run left them: dbt run-operation tell_status. #}
{% macro tell_status() %}
    {%- set lines = [] -%}
    {%- for title, part in crm_segmentation.status_parts().items() -%}
        {%- set relation = crm_segmentation.stored_relation(part.table) -%}
        {%- set row = run_query(part.query.replace('TABLE', relation | string)).rows | first if relation is not none else none -%}
        {%- do lines.append(title.ljust(13) ~ (part.text.format(*row.values()) if row else 'nothing yet: ' ~ part.table ~ ' is not built.')) -%}
    {%- endfor -%}
    {%- set size = crm_segmentation.database_size() -%}
    {%- do lines.append('Disk'.ljust(13) ~ size) if size -%}
    {%- set members = crm_segmentation.stored_relation('audience_members') -%}
    {%- if members is not none and crm_segmentation.stored_relation('run_info') is not none -%}
        {%- do lines.append('\n' ~ crm_segmentation.text_table(run_query(crm_segmentation.pending_by_destination(members)))) -%}
    {%- endif -%}
    {{- print(lines | join('\n')) -}}
{% endmacro %}


{# What is told, in this order: a table, a query on it that gives one row, and the sentence that its values go into. #}
{% macro status_parts() %}
    {%- set text = dbt.type_string() -%}
    {{- return({
        'Last build': {
            'table': 'run_info',
            'query': 'select cast(run_started_at as ' ~ text ~ '), cast(as_of_date as ' ~ text ~ '), reporting_currency, rfm_preset from TABLE',
            'text': 'started {0} UTC, as of {1}, money in {2}, RFM by {3}',
        },
        'Came in': {
            'table': 'row_accounting',
            'query': 'select sum(rows_in), sum(rows_kept), sum(rows_superseded), sum(rows_rejected) from TABLE',
            'text': '{0} rows: {1} kept, {2} superseded by a newer version, {3} rejected (rejected_rows)',
        },
        'To look at': {
            'table': 'input_checks',
            'query': "select coalesce(sum(case when status = 'error' then 1 else 0 end), 0),"
                ~ " coalesce(sum(case when status = 'warn' then 1 else 0 end), 0), count(*) from TABLE",
            'text': '{0} errors and {1} warnings among {2} checks of what came in (input_checks)',
        },
        'Contacts': {
            'table': 'contact_traits',
            'query': "select count(*), coalesce(sum(case when purchase_count > 0 then 1 else 0 end), 0) from TABLE",
            'text': '{0} contacts, of whom {1} have bought',
        },
        'Segments': {
            'table': 'segment_review',
            'query': 'select count(distinct segment_name), count(*) from TABLE',
            'text': '{0} need somebody to look, by {1} warnings (segment_review)',
        },
    }) -}}
{% endmacro %}


{# Select of how many contacts each destination may contact, and what it has to be told since the day before the last one: who
   entered, was updated or exited. Deliveries are known to the tool that makes them alone. #}
{% macro pending_by_destination(members) -%}
    with

    eligible as (

        select
            destination,
            count(distinct contact_id) as eligible

        from {{ members }}

        where is_eligible

        group by destination

    ),

    changes as (
        {%- for destination in crm_segmentation.chosen_destinations() %}
        {%- set relation = crm_segmentation.stored_relation('audience_' ~ destination ~ '__changes') %}
        {%- if relation is not none %}

        select
            '{{ destination }}' as destination,
            change_type

        from {{ relation }}

        where updated_at >= (select max(run_info.as_of_date) from {{ crm_segmentation.stored_relation('run_info') }} as run_info)

        union all
        {%- endif %}
        {%- endfor %}

        select
            destination,
            'none' as change_type

        from eligible

    )

    select
        changes.destination,
        coalesce(max(eligible.eligible), 0) as eligible
        {%- for change_type in ['entered', 'updated', 'exited'] %},
        sum(case when changes.change_type = '{{ change_type }}' then 1 else 0 end) as {{ change_type }}
        {%- endfor %}

    from changes

    left join eligible on changes.destination = eligible.destination

    group by changes.destination

    order by changes.destination
{%- endmacro %}

{# The first reason that holds; null when none does. reasons: a list of (condition, reason), where a third part is SQL that says
   the reason. #}
{% macro first_reason(reasons) -%}
    case
        {%- for reason in reasons %}
        when {{ reason[0] }} then {{ reason[2] if reason | length == 3 else "'" ~ reason[1] ~ "'" }}
        {%- endfor %}
    end
{%- endmacro %}


{# SQL of what became of a raw row. is_newest: a condition that holds for the one to keep of those that share its key; left out where
   no other does. #}
{% macro verdict_on_row(is_newest=none) -%}
    case
            when rejection_reason is not null then 'rejected'
            when version_at >= {{ crm_segmentation.as_of_end() }} then 'early'
            {%- if is_newest is not none %}
            when {{ is_newest }} then 'kept'
            else 'superseded'
            {%- else %}
            else 'kept'
            {%- endif %}
        end
{%- endmacro %}


{# What became of every raw row. The relation has rejection_reason, version_at (null where the table
   knows no time) and, to tell versions of one moment apart, raw_row_hash or another text of each; rows dated after the as-of date wait
   and supersede nothing. #}
{% macro with_row_status(relation, key, row_hash='raw_row_hash') %}
    {%- set is_newest -%}
    row_number() over (
                partition by
                    {{ key | join(', ') }},
                    case when rejection_reason is not null or version_at >= {{ crm_segmentation.as_of_end() }} then 1 else 0 end
                order by version_at desc nulls last, {{ row_hash }} asc
            ) = 1
    {%- endset %}
    select
        {{ relation }}.*,
        {{ crm_segmentation.verdict_on_row(is_newest) }} as row_status

    from {{ relation }}
{% endmacro %}


{# The same for a large relation, where a key rarely stands twice: only the rows of such keys are hashed and ranked, because to rank all
   sorts every column of every row. Rows of one key have one key_hash; others that happen to share it are ranked with them, to no harm. #}
{% macro with_row_status_of_many(relation, key) %}
    {%- set key_hash = crm_segmentation.key_hash(key) %}
    with

    repeated_keys as (

        select {{ key_hash }} as key_hash from {{ relation }} as many_rows
        group by {{ key_hash }}
        having count(*) > 1

    ),

    single_rows as (

        select
            many_rows.*,
            {{ crm_segmentation.verdict_on_row() }} as row_status

        from {{ relation }} as many_rows

        left join repeated_keys on {{ key_hash }} = repeated_keys.key_hash

        where repeated_keys.key_hash is null

    ),

    repeated_rows as (

        select many_rows.* from {{ relation }} as many_rows

        inner join repeated_keys on {{ key_hash }} = repeated_keys.key_hash

    ),

    ranked_rows as (

        {{ crm_segmentation.with_row_status('repeated_rows', key) }}

    )

    select * from single_rows

    union all

    select * from ranked_rows
{% endmacro %}


{# Reasons for required text columns; a placeholder is no key. #}
{% macro missing_reasons(columns) -%}
    {%- set reasons = [] -%}
    {%- for column in columns -%}
        {%- do reasons.append((column ~ ' is null', column ~ '_missing')) -%}
        {%- do reasons.append((crm_segmentation.is_placeholder(column), column ~ '_is_a_placeholder')) if column.endswith('_id') -%}
    {%- endfor -%}
    {{- return(reasons) -}}
{%- endmacro %}


{# Reasons for required columns of another type, whose text stands beside them as raw_<column>. #}
{% macro unreadable_reasons(columns) -%}
    {%- set reasons = [] -%}
    {%- for column in columns -%}
        {%- do reasons.append(('raw_' ~ column ~ ' is null', column ~ '_missing')) -%}
        {%- if column.endswith(('_at', '_date')) -%}
            {%- do reasons.append((column ~ ' is null', none, crm_segmentation.time_reason('raw_' ~ column, column ~ '_'))) -%}
        {%- else -%}
            {%- do reasons.append((column ~ ' is null', column ~ '_unreadable')) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(reasons) -}}
{%- endmacro %}


{# Reasons for moments at which something has happened: never before computers counted time, never to come. #}
{% macro impossible_time_reasons(columns) -%}
    {%- set reasons = [] -%}
    {%- for column in columns -%}
        {%- do reasons.append((column ~ ' >= ' ~ crm_segmentation.clock_skew_end(), column ~ '_in_the_future')) -%}
        {%- do reasons.append((column ~ " < cast('1970-01-01 00:00:00' as timestamp)", column ~ '_before_1970')) -%}
    {%- endfor -%}
    {{- return(reasons) -}}
{%- endmacro %}


{# Reasons that do not count where something holds. #}
{% macro unless(condition, reasons) -%}
    {%- set conditional = [] -%}
    {%- for reason in reasons -%}
        {%- do conditional.append((('not ' ~ condition ~ ' and ' ~ reason[0],) + reason[1:])) -%}
    {%- endfor -%}
    {{- return(conditional) -}}
{%- endmacro %}


{# Whether the date of a no says nothing: there is none, or it is of before computers counted time, or still to come and beyond the
   last day that the data reach (base_activity__data_horizon). #}
{% macro is_undated(moment, passed_until) -%}
    (
        {{ moment }} is null
        or {{ moment }} < cast('1970-01-01 00:00:00' as timestamp)
        or (
            {{ moment }} >= {{ crm_segmentation.as_of_end() }}
            and cast({{ moment }} as date) > coalesce({{ passed_until }}, {{ crm_segmentation.as_of_date() }})
        )
    )
{%- endmacro %}

{# What a model begins with that remembers what changes: all_entries, what it holds; builds, the number of this build; known, the
   newest entries as of the as-of date. The next common table expression follows.
   before: select of what is remembered before the first build. newest: select of the newest of all_entries. #}
{% macro memory(before, newest) -%}
all_entries as (

    {{ 'select * from ' ~ this if is_incremental() else before }}

),

builds as (

    select coalesce(max(build_number), 0) + 1 as build_number
    from all_entries

),

known as (

    {{ newest }}

),
{%- endmacro %}

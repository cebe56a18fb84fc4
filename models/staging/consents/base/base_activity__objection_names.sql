{%- set relation = raw_relation('raw_events') -%}

-- A table of a few names, so that the engine looks them up for the millions of events and not the other way round.
with

raw_names as (

    select distinct {{ 'event_name' if relation is not none else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as raw_event_name
    {{ 'from ' ~ relation if relation is not none }}

),

mapped_names as (

    select * from {{ ref('crm_segmentation', 'event_names') }}
    where event_name in ({{ text_literals(objection_events()) }})

),

objection_names as (

    select distinct raw_names.raw_event_name

    from raw_names

    left join mapped_names on {{ snake_case(tidy_text('raw_names.raw_event_name')) }} = mapped_names.source_event_name

    where mapped_names.event_name is not null or {{ reads_as_no('raw_names.raw_event_name') }}

)

select * from objection_names

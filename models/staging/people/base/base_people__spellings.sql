{%- set withdrawn_first = "case consent_status when 'withdrawn' then 1 when 'undecided' then 2 else 3 end" -%}
{%- set sources = [
    ('country', 'countries', 'lower(country_code)', 'country_code', 1),
    ('country', 'countries', 'lower(country_code_alpha3)', 'country_code', 2),
    ('country', 'countries', 'lower(country_name)', 'country_code', 3),
    ('country', 'countries', 'lower(local_name)', 'country_code', 4),
    ('country', 'country_aliases', 'alias', 'country_code', 5),
    ('language', 'languages', 'lower(language_code)', 'language_code', 1),
    ('language', 'languages', 'lower(language_code_alpha3)', 'language_code', 2),
    ('language', 'languages', 'lower(language_name)', 'language_code', 3),
    ('language', 'languages', 'lower(local_name)', 'language_code', 4),
    ('gender', 'genders', 'spelling', 'gender', 1),
    ('time_zone', 'time_zones', 'spelling', 'time_zone', 1),
    ('channel', 'base_people__channels', plain_spelling('channel'), 'channel', 1),
    ('channel', 'channel_spellings', plain_spelling('spelling'), 'channel', 2),
    ('consent_status', 'consent_words', plain_spelling('spelling'), 'consent_status', withdrawn_first),
    ('identifier_type', 'identifier_types', snake_case('identifier_type'), 'identifier_type', 1),
    ('identifier_type', 'identifier_type_aliases', 'alias', 'identifier_type', 2),
] %}

-- Guarantees one stored value per kind and spelling: of two meanings the one with the lower precedence, of a word of consent the one
-- that forbids.
with

spellings as (
    {%- for kind, source, spelling, stored_value, precedence in sources %}

    select
        '{{ kind }}' as kind,
        {{ spelling }} as spelling,
        {{ stored_value }} as stored_value,
        {{ precedence }} as precedence

    from {{ ref('crm_segmentation', source) }}
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

),

ranked as (

    select
        kind,
        spelling,
        stored_value,
        row_number() over (
            partition by kind, spelling
            order by precedence asc, {{ by_code_point('stored_value') }} asc
        ) as spelling_rank

    from spellings

    where spelling is not null and spelling != ''

),

first_meanings as (

    select
        kind,
        spelling,
        stored_value

    from ranked

    where spelling_rank = 1

)

select * from first_meanings

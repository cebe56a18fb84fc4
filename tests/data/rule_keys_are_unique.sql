-- A rule that stands twice in a seed would double the rows that it is joined to.
{%- set keys = {
    'identifier_types': ['identifier_type'],
    'source_priorities': ['source_system'],
    'order_statuses': ['source_status'],
    'event_names': ['source_system', 'source_event_name'],
    'event_vocabulary': ['event_name'],
    'rfm_presets': ['preset'],
    'rfm_groups': ['preset', 'rule_number'],
    'hubspot_lifecycle_stages': ['lifecycle_stage', 'funnel_stage'],
    'countries': ['country_code'],
    'country_aliases': ['alias'],
    'languages': ['language_code'],
    'genders': ['spelling'],
    'time_zones': ['spelling'],
} -%}

{%- for model, key in keys.items() %}
select
    '{{ model }}' as model,
    count(*) as row_count
from {{ ref(model) }}
group by {{ key | join(', ') }}
having count(*) > 1 or {% for column in key %}{{ column }} is null{{ ' or ' if not loop.last }}{% endfor %}
{%- if not loop.last %}

union all
{% endif %}
{%- endfor %}

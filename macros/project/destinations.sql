{# The destinations of seeds/reference/destinations.csv that this project has models for: dbt has to know what a model reads before
   it can read a seed. It is the only such list; a test holds it against the seed, and the proof of erasure and the test of all
   audiences against it. #}
{% macro shipped_destinations() %}
    {{- return([
        'braze', 'clevertap', 'dynamics_365', 'google_customer_match', 'hubspot', 'iterable', 'klaviyo', 'mailchimp', 'meta', 'moengage',
        'onesignal', 'oracle_eloqua', 'oracle_responsys', 'salesforce', 'shopify', 'snap', 'x',
    ]) -}}
{% endmacro %}


{# Those of them that the variable destinations names, in the order of the list. #}
{% macro chosen_destinations() %}
    {%- set chosen = [] -%}
    {%- for destination in crm_segmentation.shipped_destinations() if crm_segmentation.is_chosen(destination) -%}
        {%- do chosen.append(destination) -%}
    {%- endfor -%}
    {{- return(chosen) -}}
{% endmacro %}


{# The others of them, of which nothing is built. #}
{% macro other_destinations() %}
    {{- return(crm_segmentation.shipped_destinations() | reject('in', crm_segmentation.chosen_destinations()) | list) -}}
{% endmacro %}


{# Whether a destination is built; one of the company's own always is. What is wrong with the variable is said before the first model. #}
{% macro is_chosen(destination) %}
    {%- set is_named = var('destinations') is sequence and destination in var('destinations') -%}
    {{- return(is_named or destination not in crm_segmentation.shipped_destinations()) -}}
{% endmacro %}


{# Select of the destinations whose audiences leave: the chosen ones, and rows of the seed that somebody added for models of their own. #}
{% macro active_destinations() -%}
    {%- set others = crm_segmentation.other_destinations() -%}
    select * from {{ ref('crm_segmentation', 'destinations') }}
    where
        is_active
        {{ 'and destination not in (' ~ crm_segmentation.text_literals(others) ~ ')' if others }}
{%- endmacro %}


{# How the changes of a destination find a member: key, the unique column, and identifiers, the columns that a platform
   finds people by. Nothing is known of them where there is no graph. #}
{% macro audience_key(destination) %}
    {%- set meta = crm_segmentation.model_meta('audience_' ~ destination ~ '__changes') -%}
    {{- return({'key': meta.get('key', 'contact_id'), 'identifiers': meta.get('identifiers', [])}) -}}
{% endmacro %}


{# The column of the changes of a destination that holds our contact: its own, or else the key. #}
{% macro audience_contact_column(destination) %}
    {%- set columns = crm_segmentation.audience_columns('audience_' ~ destination ~ '__changes') -%}
    {{- return('contact_id' if 'contact_id' in columns else crm_segmentation.audience_key(destination).key) -}}
{% endmacro %}

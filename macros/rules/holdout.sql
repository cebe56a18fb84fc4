{# The lowest buckets, so that a larger percentage keeps everyone whom a smaller one held out. #}
{% macro is_held_out(contact_id, name, percent) -%}
    {{ crm_segmentation.hash_bucket([contact_id, name, "'holdout'"], 10000) }} < {{ (percent * 100) | round | int }}
{%- endmacro %}
